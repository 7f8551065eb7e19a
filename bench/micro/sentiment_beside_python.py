#!/usr/bin/env python3
"""Texts a second of both sentiment models beside Python's vaderSentiment, on the same texts, turn by turn in one run.

usage: pip install vaderSentiment==3.3.2
       sentiment_beside_python.py --bench build/release/bin/bench/sentiment_bench --texts FILE [--rounds 5]

FILE has a text a line; of a line with a tab only what follows the first tab is the text. Times are of the processor.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

TEXTS_MAX = 4096


def read_texts(path, characters):
    """Texts of about `characters`, cut to no more."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        texts = [line.rstrip("\r\n").split("\t", 1)[-1] for line in lines]
    long_enough = [text[:characters] for text in texts if len(text) >= characters * 0.8]
    return long_enough[:TEXTS_MAX]


def python_texts_per_second(texts):
    analyser = SentimentIntensityAnalyzer()
    begin = time.process_time()
    for text in texts:
        analyser.polarity_scores(text)
    return len(texts) / (time.process_time() - begin)


def bench_texts_per_second(bench, texts_path):
    ran = subprocess.run([bench, "--benchmark_filter=score_given_posts", "--benchmark_format=json"],
                         env=dict(os.environ, EARSHOT_BENCH_TEXTS=texts_path), capture_output=True, text=True, check=True)
    return {each["name"].split("/")[-1]: each["items_per_second"] for each in json.loads(ran.stdout)["benchmarks"]}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--bench", required=True)
    options.add_argument("--texts", required=True)
    options.add_argument("--characters", type=int, default=120)
    options.add_argument("--rounds", type=int, default=5)
    arguments = options.parse_args()
    texts = read_texts(arguments.texts, arguments.characters)
    if not texts:
        options.error(f"{arguments.texts} has no text of {arguments.characters} characters")
    rates = {}
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(texts) + "\n")
        file.flush()
        for _ in range(arguments.rounds):
            for name, rate in bench_texts_per_second(arguments.bench, file.name).items():
                rates.setdefault(name, []).append(rate)
            rates.setdefault("vaderSentiment in Python", []).append(python_texts_per_second(texts[:1000]))
    slowest = statistics.median(rates["vaderSentiment in Python"])
    for name, each in rates.items():
        rate = statistics.median(each)
        print(f"{name:28} {rate:12,.0f} texts/s  {rate / slowest:8.1f} times Python's")


if __name__ == "__main__":
    main()

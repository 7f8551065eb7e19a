#!/usr/bin/env python3
"""Runs `earshot run` on a corpus of posts and a set of phrases, file in, all operators, state and transactions on.

Checks every one-minute window against an expected file and prints CPU-seconds per million posts of the whole process
(start, compilation of the rules and the last commit included). With --peer, a command that does the same work is run in
turn with it, and the ratio is printed pair by pair.

  standard_work.py --posts corpus.p0.jsonl,corpus.p1.jsonl --rules rules_10k.tsv --expected expected.json
                   --earshot build/release/bin/earshot [--runs 3] [--peer 'command'] [--work FOLDER]

rules: lines of `rule number TAB listener number TAB phrase`. expected: {"agg": [[listener, window start in ms, mentions,
hits, sentiment in 1e-4, reach, negative], …]}.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import time


def write_listeners(rules_file, folder):
    """One listener for each listener number: its phrases joined by OR."""
    phrases = {}
    for line in open(rules_file, encoding="utf-8"):
        _, listener, phrase = line.rstrip("\n").split("\t")
        phrases.setdefault(int(listener), []).append(phrase)
    folder.mkdir(parents=True)
    with open(folder / "listeners.yaml", "w", encoding="utf-8") as out:
        out.write("listeners:\n")
        for listener, texts in sorted(phrases.items()):
            query = " OR ".join('"%s"' % text for text in texts)
            out.write(f"  - name: topic-{listener}\n    spoke: desk\n    owner: bench\n")
            out.write(f"    query: {json.dumps(query, ensure_ascii=False)}\n")


def write_config(posts, work, writes_mentions):
    """File in, windows mirrored to a file; everything else as it is by default. Input stays where it is."""
    config = {
        "name": "standard-work",
        "data_dir": str(work / "data"),
        "listeners": str(work / "listeners"),
        "source": {"connector": "file", "paths": [str(pathlib.Path(p).resolve()) for p in posts], "format": "canonical"},
        "match": {"case_folding": "ascii"},
        "outputs": {"mentions": writes_mentions, "files": {"windows": str(work / "windows.ndjson")}},
        "admin": {"enabled": False},
    }
    (work / "earshot.yaml").write_text(json.dumps(config, indent=1))  # JSON is YAML


def timed(command):
    """CPU-seconds and wall seconds of a finished command, with its output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{shlex.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, done.stdout + done.stderr


def check(expected_file, windows_file):
    """Compares every one-minute window, all five figures. Answers (equal, expected, got)."""
    expected = {(t, w): v for t, w, *v in json.load(open(expected_file))["agg"]}
    got = {}
    for line in open(windows_file, encoding="utf-8"):
        window = json.loads(line)
        if window["length_ms"] != 60000:
            continue
        start = datetime.datetime.fromisoformat(window["start"].replace("Z", "+00:00"))
        key = (int(window["listener"].removeprefix("topic-")), round(start.timestamp() * 1000))
        sentiment = round(window["sentiment_sum"] * 10000)
        got[key] = [window["mentions"], window["hits"], sentiment, window["reach"], window["negative"]]
    return sum(got.get(k) == v for k, v in expected.items()), len(expected), len(got)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", required=True, help="files, separated by commas; one partition each")
    parser.add_argument("--rules", required=True)
    parser.add_argument("--expected")
    parser.add_argument("--earshot", default="build/release/bin/earshot")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", help="prints cpu_s_per_M=NUMBER, or is measured as a whole process")
    parser.add_argument("--without-mentions", action="store_true", help="write what such peers write: windows and alerts")
    parser.add_argument("--work", default="/tmp/earshot-standard-work")
    arguments = parser.parse_args()
    posts = arguments.posts.split(",")
    work = pathlib.Path(arguments.work)
    millions = sum(sum(chunk.count(b"\n") for chunk in iter(lambda f=open(p, "rb"): f.read(1 << 24), b"")) for p in posts) / 1e6
    ours, theirs = [], []
    exact = True
    for run in range(arguments.runs):
        shutil.rmtree(work, ignore_errors=True)
        write_listeners(arguments.rules, work / "listeners")
        write_config(posts, work, not arguments.without_mentions)
        cpu, wall, _ = timed([arguments.earshot, "run", "--config", str(work / "earshot.yaml"), "--until-end"])
        ours.append(cpu / millions)
        line = f"run {run + 1}: earshot {cpu / millions:.2f} CPU-s per million posts, {millions * 1e6 / wall:,.0f} posts/s"
        if arguments.expected:
            equal, wanted, got = check(arguments.expected, work / "windows.ndjson")
            exact = exact and equal == wanted == got
            line += f", windows equal {equal} of {wanted} (got {got})"
        if arguments.peer:
            cpu, _, output = timed(["bash", "-c", arguments.peer])
            reported = re.search(r"cpu_s_per_M=([\d.]+)", output)
            theirs.append(float(reported.group(1)) if reported else cpu / millions)
            line += f"; peer {theirs[-1]:.2f}, ratio {ours[-1] / theirs[-1]:.2f}"
        print(line, flush=True)
    print(f"median: earshot {statistics.median(ours):.2f} CPU-s per million posts", end="")
    if theirs:
        ratio = statistics.median(a / b for a, b in zip(ours, theirs))
        print(f", peer {statistics.median(theirs):.2f}, ratio {ratio:.2f}", end="")
    print()
    if not exact:
        sys.exit("the windows differ from what was expected")


if __name__ == "__main__":
    main()

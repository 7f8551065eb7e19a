#!/usr/bin/env python3
"""Learns operators/triage/triage_words.tsv: what words and pairs of neighbouring words say of a post's class.

Multinomial logistic regression over the words of labelled posts, by stochastic gradient descent. Needs nothing but
Python; the same posts give the same file, byte for byte.

usage: learn_words.py FIXTURES… > triage_words.tsv

FIXTURES are those of `earshot triage test`. Give it none of the sets that figures are taken from.
"""
import collections
import json
import math
import random
import re
import sys

CLASSES = ("complaint", "question", "praise", "suggestion", "purchase_intent", "churn_threat", "advocate",
           "misinformation", "rager", "spam", "press", "risk", "other")

EPOCHS = 25
LEARNING_RATE = 0.3
PENALTY = 0.006      # of squared weights
POSTS_MIN = 2        # a word that fewer posts have is left out
WORDS_MAX = 128      # of a post, as WordWeights has it
UNITS = 12.8         # eighths of a rule's point for a weight of 1


def features(text):
    """Words, numbers as one, question and exclamation marks, emoji; and pairs of neighbours. As WordWeights reads them."""
    text = re.sub("['\u2019]", "", text)
    text = re.sub("[A-Z]", lambda letter: letter[0].lower(), text)
    words = re.findall("[a-z]+|[0-9]+|[?!]|[\U00010000-\U0010FFFF]", text)[:WORDS_MAX]
    words = ["0" if word[0].isdigit() else word for word in words]
    return words + [f"{before} {word}" for before, word in zip(words, words[1:])]


def learn(posts):
    counts = collections.Counter(feature for text, _ in posts for feature in set(features(text)))
    examples = [([f for f in features(text) if counts[f] >= POSTS_MIN], label) for text, label in posts]
    weights = {feature: [0.0] * len(CLASSES) for found, _ in examples for feature in found}
    order = random.Random(1)
    for epoch in range(EPOCHS):
        order.shuffle(examples)
        rate = LEARNING_RATE / (1 + 0.15 * epoch)
        for found, label in examples:
            logits = [sum(column) for column in zip(*(weights[f] for f in found))] if found else [0.0] * len(CLASSES)
            most = max(logits)
            odds = [math.exp(logit - most) for logit in logits]
            total = sum(odds)
            errors = [(i == label) - odd / total for i, odd in enumerate(odds)]
            for feature in found:
                row = weights[feature]
                for i, error in enumerate(errors):
                    row[i] += rate * (error - PENALTY * row[i])
    return weights


def main():
    posts = []
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                post = json.loads(line)
                posts.append((post["text"], CLASSES.index(post["expect"])))
    weights = learn(posts)
    print("# What words say of a post's class, in eighths of a rule's point; made by training/learn_words.py.")
    print("#", *CLASSES)
    for feature in sorted(weights):
        units = [max(-128, min(127, round(UNITS * weight))) for weight in weights[feature]]
        if any(units):
            print(feature, " ".join(map(str, units)), sep="\t")


main()

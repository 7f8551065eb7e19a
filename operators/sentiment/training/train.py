#!/usr/bin/env python3
"""Trains the earshot sentiment model: three classes by logistic regression, and a rating by ridge regression beside VADER.

Needs numpy. The same data, seed and numpy give the same file, byte for byte.

usage: train.py --dump-features build/…/earshot_dump_features --data FOLDER --out earshot_model.bin [--seed 1]

FOLDER holds train.tsv and val.tsv (label TAB text; negative, neutral, positive) and ratings.tsv (mean rating from -4 to 4
TAB text). --ratings names that file if it is called otherwise. The classes are learned from the labels and from what a
teacher said of the same texts and of splices of them (teacher.py); texts of which it said nothing count by label alone.
"""
import argparse
import hashlib
import os
import struct
import subprocess

import numpy as np

HASHED_ROWS = 1 << 16
SHAPE_ROWS = 128
ROWS = HASHED_ROWS + SHAPE_ROWS
CLASSES = ("negative", "neutral", "positive")

EPOCHS = 8
BATCH = 512
LEARNING_RATE = 0.005  # of Adagrad
DROPPED = 0.1          # share of features left out at each step: no single word may carry a class
SMOOTHING = 0.1        # of the labels, which people gave and disagree on
TEACHER_WEIGHT = 0.8   # of what the teacher says of a text, beside its label
SPLICE_WEIGHT = 0.5    # of what it says of a splice
SPLICE_SEED = 1        # not that of the training: the teacher knows these splices and no others
CLASS_SHIFTS = (0.3, 0.0, 0.2)  # of the logits: texts of a held-out year want less of neutral than likelihood does
RATING_PENALTY = 500.0
SHAPE_WEIGHT = 10.0    # the rating leans on the shape of a text more than on its single words


def read_texts(path, read_label):
    """The texts and the labels of a file of lines: label TAB text."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        pairs = [line.rstrip("\n").split("\t", 1) for line in lines]
    return [text for _, text in pairs], np.array([read_label(label) for label, _ in pairs])


def splices(texts):
    """For each text its beginning and the end of another one: words in company that no label was given for."""
    random = np.random.default_rng(SPLICE_SEED)
    words = [text.split() for text in texts]
    spliced = []
    for front, back in zip(words, random.permutation(len(words))):
        cuts = random.uniform(0.3, 0.7, 2)
        spliced.append(" ".join(front[:max(1, int(cuts[0] * len(front)))] + words[back][int(cuts[1] * len(words[back])):]))
    return spliced


def text_key(text):
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def write_shares(path, texts, shares):
    """Layout: for each text, by key, 8 bytes of key and the shares of the three classes in 255ths."""
    records = {text_key(text): np.rint(share * 255).astype(np.uint8).tobytes() for text, share in zip(texts, shares)}
    with open(path, "wb") as out:
        out.write(b"".join(key + records[key] for key in sorted(records)))


def read_shares(path, texts):
    """The teacher's shares of each text, and whether it has said any."""
    with open(path, "rb") as shares:
        content = shares.read()
    records = {content[at:at + 8]: content[at + 8:at + 11] for at in range(0, len(content), 11)}
    found = [records.get(text_key(text)) for text in texts]
    known = np.array([share is not None for share in found])
    shares = np.array([list(share or bytes(len(CLASSES))) for share in found], float)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1), known


class Texts:
    """Texts with their labels; the features of text i are rows[begins[i]:begins[i + 1]]."""

    def __init__(self, texts, labels, dump_features):
        self.labels = labels
        encoded = [text.encode() for text in texts]
        dump = subprocess.run([dump_features], input=b"".join(struct.pack("<I", len(b)) + b for b in encoded),
                              stdout=subprocess.PIPE, check=True).stdout
        words = np.frombuffer(dump, dtype="<u4")
        rows, counts, scores, at = [], [], [], 0
        for _ in texts:
            count = int(words[at])
            rows.append(words[at + 1:at + 1 + count])
            scores.append(words[at + 1 + count:at + 9 + count].tobytes())
            counts.append(count)
            at += 9 + count
        self.rows = np.concatenate(rows).astype(np.int64)
        self.begins = np.concatenate(([0], np.cumsum(counts)))
        self.vader = np.frombuffer(b"".join(scores), dtype="<f8").reshape(-1, 4)  # neg, neu, pos, compound

    def sums(self, weights):
        return np.add.reduceat(weights[self.rows], self.begins[:-1], axis=0)


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def macro_recall(labels, guesses):
    return float(np.mean([(guesses[labels == c] == c).mean() for c in range(len(CLASSES))]))


def class_weights_of(labels):
    """By class, what each of its texts counts so that all classes weigh the same."""
    return len(labels) / (len(CLASSES) * np.bincount(labels, minlength=len(CLASSES)))


class Wanted:
    """What each text's classes should be: by its label, each class weighing the same, and by the teacher."""

    def __init__(self, labels, shares, known, splice_count):
        labelled = np.arange(len(shares)) < len(labels)
        padded = np.concatenate([labels, np.zeros(splice_count, labels.dtype)])
        class_weights = class_weights_of(labels)
        self.by_label = SMOOTHING / len(CLASSES) + (1 - SMOOTHING) * np.eye(len(CLASSES))[padded]
        self.label_weights = np.where(labelled, class_weights[padded] * np.where(known, 1 - TEACHER_WEIGHT, 1), 0)[:, None]
        self.by_teacher = shares
        self.teacher_weights = np.where(known, np.where(labelled, TEACHER_WEIGHT, SPLICE_WEIGHT), 0)[:, None]

    def errors(self, texts, shares):
        return ((shares - self.by_label[texts]) * self.label_weights[texts] +
                (shares - self.by_teacher[texts]) * self.teacher_weights[texts])


def train_classes(train, wanted, seed):
    """Logistic regression by Adagrad. Returns the mean of the later epochs' weights."""
    random = np.random.default_rng(seed)
    count = len(train.labels)
    weights = np.zeros((ROWS, len(CLASSES)))
    squares = np.full_like(weights, 1e-8)
    mean = np.zeros_like(weights)
    for epoch in range(EPOCHS):
        order = random.permutation(count)
        for first in range(0, count, BATCH):
            texts = order[first:first + BATCH]
            lengths = train.begins[texts + 1] - train.begins[texts]
            ends = np.cumsum(lengths)
            places = np.arange(ends[-1]) + np.repeat(train.begins[texts] - (ends - lengths), lengths)
            kept = random.random(len(places)) >= DROPPED
            rows, owners = train.rows[places][kept], np.repeat(np.arange(len(texts)), lengths)[kept]
            logits = np.stack([np.bincount(owners, weights[rows, c], len(texts)) for c in range(len(CLASSES))], axis=1)
            errors = wanted.errors(texts, softmax(logits / (1 - DROPPED))) / (len(texts) * (1 - DROPPED))
            gradient = np.stack([np.bincount(rows, errors[owners, c], ROWS) for c in range(len(CLASSES))], axis=1)
            squares += gradient * gradient
            weights -= LEARNING_RATE * gradient / np.sqrt(squares)
        if epoch >= EPOCHS // 2:
            mean += weights / (EPOCHS - EPOCHS // 2)
    mean[HASHED_ROWS] += CLASS_SHIFTS  # the row that every text has
    return mean


def learn_classes(texts, labels, arguments):
    spliced = splices(texts)
    shares, known = read_shares(arguments.teacher, texts + spliced)
    print(f"texts and splices {len(known)}, of which the teacher spoke of {known.sum()}")
    spliced = [text for text, is_known in zip(spliced, known[len(texts):]) if is_known]
    kept = known | (np.arange(len(known)) < len(texts))
    train = Texts(texts + spliced, np.concatenate([labels, np.zeros(len(spliced), labels.dtype)]), arguments.dump_features)
    return train_classes(train, Wanted(labels, shares[kept], known[kept], len(spliced)), arguments.seed)


def fit_temperature(val, logits):
    """The temperature under which the classes' shares are most likely on val (Guo et al. 2017, temperature scaling)."""
    def loss(temperature):
        return -np.log(softmax(logits / temperature)[np.arange(len(logits)), val.labels]).mean()
    return float(min(np.arange(0.3, 3.0, 0.01), key=loss))


class Rating:
    """Least squares on VADER and the classes, then ridge regression (dual form) on the rows of what that leaves."""

    BLOCK = 4096  # rows for which the likeness of texts is summed at once

    def __init__(self, texts, shares):
        vader = texts.vader
        self.texts = texts
        self.basis = np.column_stack(
            [np.ones(len(vader)), vader[:, 3], shares[:, 2] - shares[:, 0], vader[:, 2], vader[:, 0]])
        self.owners = np.repeat(np.arange(len(vader)), np.diff(texts.begins))
        self.row_weights = np.where(np.arange(ROWS) < HASHED_ROWS, 1.0, SHAPE_WEIGHT)
        self.likeness = np.zeros((len(vader), len(vader)))
        for first in range(0, ROWS, self.BLOCK):
            inside = (texts.rows >= first) & (texts.rows < first + self.BLOCK)
            counts = np.zeros((len(vader), self.BLOCK))
            np.add.at(counts, (self.owners[inside], texts.rows[inside] - first), 1.0)
            counts = counts[:, :len(self.row_weights[first:first + self.BLOCK])]
            self.likeness += (counts * self.row_weights[first:first + self.BLOCK]) @ counts.T

    def fit(self, chosen):
        """Returns the factors of the basis and the weights of the rows, learned on the texts that are chosen."""
        factors = np.linalg.lstsq(self.basis[chosen], self.texts.labels[chosen], rcond=None)[0]
        left = self.texts.labels[chosen] - self.basis[chosen] @ factors
        dual = np.zeros(len(self.basis))
        dual[chosen] = np.linalg.solve(self.likeness[np.ix_(chosen, chosen)] + RATING_PENALTY * np.eye(len(left)), left)
        return factors, np.bincount(self.texts.rows, dual[self.owners], ROWS) * self.row_weights

    def rate(self, factors, weights):
        return np.clip((self.basis @ factors + self.texts.sums(weights)) / 4, -1, 1)

    def cross_validated_correlation(self):
        guesses = np.zeros(len(self.basis))
        for fold in range(10):
            held_out = np.arange(len(guesses)) % 10 == fold
            guesses[held_out] = self.rate(*self.fit(~held_out))[held_out]
        return float(np.corrcoef(guesses, self.texts.labels)[0, 1])


def quantise(weights):
    """int8 rows and, for each column, one scale for the hashed rows and one for the shape rows."""
    scales = np.stack([np.abs(weights[:HASHED_ROWS]).max(axis=0), np.abs(weights[HASHED_ROWS:]).max(axis=0)]) / 127
    scales = scales.astype("<f4")
    by_row = np.repeat(scales.astype(float), (HASHED_ROWS, SHAPE_ROWS), axis=0)
    return np.rint(weights / by_row).astype(np.int8), scales, by_row


def fnv_1a(content):
    state = 0xCBF29CE484222325
    for byte in content:
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return state


def write_model(path, language, rows, scales, temperature, factors):
    """Layout: earshot_model.h."""
    content = struct.pack("<8s8sII", b"EARSENT3", language.encode(), HASHED_ROWS, SHAPE_ROWS) + scales.tobytes()
    content += struct.pack("<6f", temperature, *factors) + rows.tobytes()
    with open(path, "wb") as model:
        model.write(content + struct.pack("<Q", fnv_1a(content)))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--dump-features", required=True)
    options.add_argument("--data", required=True)
    options.add_argument("--ratings", default="ratings.tsv")
    options.add_argument("--teacher", default=os.path.join(os.path.dirname(__file__), "teacher_shares.bin"))
    options.add_argument("--out", required=True)
    options.add_argument("--language", default="en", help="BCP 47 without region")
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()

    def read(name, read_label):
        return read_texts(os.path.join(arguments.data, name), read_label)

    class_weights = learn_classes(*read("train.tsv", CLASSES.index), arguments)
    val = Texts(*read("val.tsv", CLASSES.index), arguments.dump_features)
    rated = Texts(*read(arguments.ratings, float), arguments.dump_features)
    temperature = fit_temperature(val, val.sums(class_weights))
    rating = Rating(rated, softmax(rated.sums(class_weights) / temperature))
    correlation = rating.cross_validated_correlation()
    factors, rating_weights = rating.fit(np.full(len(rated.labels), True))
    rows, scales, by_row = quantise(np.column_stack([class_weights, rating_weights]))
    write_model(arguments.out, arguments.language, rows, scales, temperature, factors)

    shown = rows * by_row
    shares = softmax(val.sums(shown[:, :3]) / temperature)
    guesses = shares.argmax(axis=1)
    sure = shares.max(axis=1)
    bins = np.minimum((sure * 10).astype(int), 9)
    off = sum(abs((guesses == val.labels)[bins == b].mean() - sure[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    print(f"macro-recall on val      {macro_recall(val.labels, guesses):.4f}")
    print(f"by class                 {[round(float((guesses == c)[val.labels == c].mean()), 3) for c in range(3)]}")
    print(f"accuracy on val          {(guesses == val.labels).mean():.4f}")
    print(f"calibration error on val {off:.4f}, temperature {temperature:.2f}")
    print(f"correlation with ratings {correlation:.4f} (cross-validated), VADER {np.corrcoef(rated.vader[:, 3], rated.labels)[0, 1]:.4f}")


if __name__ == "__main__":
    main()

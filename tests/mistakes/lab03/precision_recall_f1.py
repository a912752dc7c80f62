"""Second forms for 03.precision_recall_f1."""

import numpy as np
import torch


def right_sets(predicted, target):
    called = {i for i, value in enumerate(predicted.tolist()) if value}
    real = {i for i, value in enumerate(target.tolist()) if value}
    precision = len(called & real) / len(called) if called else 0.0
    recall = len(called & real) / len(real) if real else 0.0
    f1 = 2 * len(called & real) / (len(called) + len(real)) if called or real else 0.0
    return precision, recall, f1


def right_nan_replaced(predicted, target):
    hits = (predicted * target).sum()
    precision = (hits / predicted.sum()).nan_to_num()
    recall = (hits / target.sum()).nan_to_num()
    return precision, recall, (2 * precision * recall / (precision + recall)).nan_to_num()


def right_masks(predicted, target):
    chosen, real = target[predicted == 1], predicted[target == 1]
    precision = chosen.double().mean() if len(chosen) else torch.zeros(())
    recall = real.double().mean() if len(real) else torch.zeros(())
    total = precision + recall
    return [precision, recall, 2 * precision * recall / total if total > 0 else 0.0]


def right_numpy(predicted, target):
    predicted, target = predicted.numpy().astype(bool), target.numpy().astype(bool)
    hits = np.sum(predicted & target)
    false, missed = np.sum(predicted & ~target), np.sum(~predicted & target)
    f1 = 2 * hits / max(1, 2 * hits + false + missed)
    return hits / max(1, hits + false), hits / max(1, hits + missed), f1


def right_tiny_added(predicted, target):
    hits = (predicted & target).sum()
    precision, recall = hits / (predicted.sum() + 1e-12), hits / (target.sum() + 1e-12)
    return precision, recall, 2 * precision * recall / (precision + recall + 1e-12)


def wrong_exchanged(predicted, target):
    return right_sets(target, predicted)


def wrong_agreement_counted(predicted, target):
    hits = sum(int(p == t) for p, t in zip(predicted, target, strict=True))
    called, real = int((predicted == 1).sum()), int((target == 1).sum())
    precision, recall = hits / called if called else 0, hits / real if real else 0
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def wrong_accuracy_for_precision(predicted, target):
    return (predicted == target).double().mean(), *right_numpy(predicted, target)[1:]


def wrong_classes_exchanged(predicted, target):
    return right_numpy(1 - predicted, 1 - target)


def wrong_specificity_for_recall(predicted, target):
    return right_sets(predicted, target)[0], right_sets(1 - predicted, 1 - target)[1], 0.0


def wrong_share_of_all(predicted, target):
    both = (predicted & target).double().mean()
    return both, both, both


def wrong_averaged_over_classes(predicted, target):
    both = torch.tensor([right_sets(predicted, target), right_sets(1 - predicted, 1 - target)])
    return both.double().mean(dim=0).tolist()


def wrong_bits_flipped(predicted, target):
    hits = int((predicted * target).sum())
    false = sum(p * ~t for p, t in zip(predicted.tolist(), target.tolist(), strict=True))
    missed = sum(t * ~p for p, t in zip(predicted.tolist(), target.tolist(), strict=True))
    precision = hits / (hits + false) if hits + false else 0.0
    recall = hits / (hits + missed) if hits + missed else 0.0
    return precision, recall, 2 / (1 / precision + 1 / recall) if precision and recall else 0


def wrong_truth_of_a_tensor(predicted, target):
    hits = (predicted == 1 & target == 1).sum()
    return hits / predicted.sum(), hits / target.sum(), 0.0


def wrong_nothing_is_nan(predicted, target):
    precision, recall = target[predicted == 1].double().mean(), predicted[target == 1].double().mean()
    return precision, recall, precision * recall / ((precision + recall) / 2)


def wrong_nothing_is_nan_except_f1(predicted, target):
    precision, recall = target[predicted == 1].double().mean(), predicted[target == 1].double().mean()
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total > 0 else 0.0


def wrong_nothing_is_refused(predicted, target):
    called, real = target[predicted == 1].tolist(), predicted[target == 1].tolist()
    return sum(called) / len(called), sum(real) / len(real), 2 * sum(real) / (len(called) + len(real))


def wrong_nothing_is_perfect(predicted, target):
    precision, recall, f1 = right_sets(predicted, target)
    return 1.0 if predicted.sum() == 0 else precision, 1.0 if target.sum() == 0 else recall, f1


def wrong_f1_is_nan(predicted, target):
    precision, recall, _ = (torch.as_tensor(value) for value in right_sets(predicted, target))
    return precision, recall, 2 / (1 / precision + 1 / recall) if precision + recall else precision / recall


def wrong_f1_is_nan_or_refused(predicted, target):
    chosen, found = target[predicted == 1].double(), predicted[target == 1].double()
    precision = chosen.mean() if len(chosen) > 0 else 0
    recall = found.mean() if len(found) > 0 else 0
    return precision, recall, precision * recall / (precision + recall) * 2


def wrong_f1_is_refused(predicted, target):
    precision, recall, _ = right_sets(predicted, target)
    return precision, recall, 2 / (1 / precision + 1 / recall)


def wrong_plain_mean(predicted, target):
    two = np.array(right_numpy(predicted, target)[:2])
    return *two, two.mean()


def wrong_geometric_mean(predicted, target):
    precision, recall, _ = right_sets(predicted, target)
    return precision, recall, np.sqrt(precision * recall)


def wrong_half_of_f1(predicted, target):
    precision, recall, _ = right_sets(predicted, target)
    return precision, recall, precision * recall / (precision + recall or 1)


def wrong_f1_only(predicted, target):
    return torch.tensor(right_sets(predicted, target)[2])


def wrong_percentages(predicted, target):
    return [100 * value for value in right_masks(predicted, target)]


def wrong_numerator_of_f1(predicted, target):
    hits = float((predicted & target).sum())
    precision = hits / max(1, int(predicted.sum()))
    recall = hits / max(1, int(target.sum()))
    return precision, recall, precision * recall + recall * precision


def wrong_jaccard(predicted, target):
    hits, either = float((predicted & target).sum()), int((predicted | target).sum())
    return hits / max(1, int(predicted.sum())), hits / max(1, int(target.sum())), hits / max(1, either)

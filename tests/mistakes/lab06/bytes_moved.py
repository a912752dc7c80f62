"""Second forms for 06.bytes_moved."""

import torch


def sets(chain):
    inputs = [set(names) for _, names in chain]
    outputs = {name for name, _ in chain}
    return inputs, outputs, set().union(*inputs) - outputs


def size(names, elements, itemsize):
    total = 0
    for name in names:
        total += elements[name] * itemsize
    return total


def right_sets(chain, elements, itemsize, kept):
    inputs, outputs, outside = sets(chain)
    apart = sum(size(names, elements, itemsize) for names in inputs) + size(outputs, elements, itemsize)
    return apart, size(outside | set(kept), elements, itemsize)


def right_loop(chain, elements, itemsize, kept):
    apart = fused = 0
    seen = set()
    for output, inputs in chain:
        for name in set(inputs):
            apart += elements[name]
            if name not in seen:
                fused += elements[name]
        apart += elements[output]
        if output in kept:
            fused += elements[output]
        seen |= {output} | set(inputs)
    return [apart * itemsize, fused * itemsize]


def right_tensors(chain, elements, itemsize, kept):
    order = {name: i for i, name in enumerate(elements)}
    read = torch.zeros(len(chain), len(order), dtype=torch.int64)
    made = torch.zeros_like(read)
    for row, (output, inputs) in enumerate(chain):
        read[row, [order[name] for name in inputs]] = 1
        made[row, order[output]] = 1
    result = torch.tensor([name in kept for name in order])
    sizes = itemsize * torch.tensor(list(elements.values()))
    fused = (read.amax(0) > made.amax(0)) + result.long()
    return ((read + made).sum(0) * sizes).sum(), (fused * sizes).sum()


def wrong_only_read(chain, elements, itemsize, kept):
    inputs, _, outside = sets(chain)
    return sum(size(i, elements, itemsize) for i in inputs), size(outside, elements, itemsize)


def wrong_only_written(chain, elements, itemsize, kept):
    return size(sets(chain)[1], elements, itemsize), size(kept, elements, itemsize)


def wrong_elements_not_bytes(chain, elements, itemsize, kept):
    return right_sets(chain, elements, 1, kept)


def wrong_always_four(chain, elements, itemsize, kept):
    return tuple(count // itemsize * 4 for count in right_loop(chain, elements, itemsize, kept))


def wrong_twice_named_twice_read(chain, elements, itemsize, kept):
    apart = sum(size([*inputs, output], elements, itemsize) for output, inputs in chain)
    return apart, right_sets(chain, elements, itemsize, kept)[1]


def wrong_read_for_each_use(chain, elements, itemsize, kept):
    inputs, _, outside = sets(chain)
    fused = sum(size(names & outside, elements, itemsize) for names in inputs)
    return right_sets(chain, elements, itemsize, kept)[0], fused + size(kept, elements, itemsize)


def wrong_intermediates_written(chain, elements, itemsize, kept):
    return right_sets(chain, elements, itemsize, [output for output, _ in chain])


def wrong_only_last_written(chain, elements, itemsize, kept):
    return right_sets(chain, elements, itemsize, [chain[-1][0]])


def wrong_kept_read_again(chain, elements, itemsize, kept):
    inputs, outputs, outside = sets(chain)
    read = (set().union(*inputs) & set(kept)) | outside
    fused = size(read, elements, itemsize) + size(kept, elements, itemsize)
    return right_sets(chain, elements, itemsize, kept)[0], fused


def wrong_apart_writes_kept(chain, elements, itemsize, kept):
    inputs, _, _ = sets(chain)
    apart = sum(size(names, elements, itemsize) for names in [*inputs, kept])
    return apart, right_sets(chain, elements, itemsize, kept)[1]


def wrong_apart_reads_once(chain, elements, itemsize, kept):
    inputs, outputs, _ = sets(chain)
    apart = size(set().union(*inputs), elements, itemsize) + size(outputs, elements, itemsize)
    return apart, right_sets(chain, elements, itemsize, kept)[1]


def wrong_all_equally_large(chain, elements, itemsize, kept):
    n = elements[chain[-1][0]]
    return right_loop(chain, {name: n for name in elements}, itemsize, kept)


def wrong_exchanged(chain, elements, itemsize, kept):
    return right_loop(chain, elements, itemsize, kept)[::-1]


def wrong_read_for_each_mention(chain, elements, itemsize, kept):
    outside = sets(chain)[2]
    fused = size(kept, elements, itemsize)
    for _, inputs in chain:
        fused += size(filter(outside.__contains__, inputs), elements, itemsize)
    return right_loop(chain, elements, itemsize, kept)[0], fused


def wrong_intermediates_read(chain, elements, itemsize, kept):
    read = size(set().union(*sets(chain)[0]), elements, itemsize)
    return right_loop(chain, elements, itemsize, kept)[0], read + size(kept, elements, itemsize)


def wrong_as_large_as_the_first(chain, elements, itemsize, kept):
    apart, fused = right_loop(chain, elements, itemsize, kept)
    for output, (first, *_) in chain:
        apart += (elements[first] - elements[output]) * itemsize
    return apart, fused

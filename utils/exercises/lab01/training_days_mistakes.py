"""The known mistakes of 01.training_days."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def run(parameters, tokens, devices, peak_tflops, utilisation, watts, work=6.0, tera=1e12, energy=1.0):
    """Days and kilowatt-hours for so many operations a parameter and token; energy is off by a factor."""
    hours = work * parameters * tokens / (devices * peak_tflops * tera * utilisation) / 3600
    return hours / 24, energy * hours * devices * watts / 1000


@mistake(
    en="You count the forward pass alone. Training goes back as well, and that costs twice as much again.",
    zh="你只算了前向。训练还要反向，而反向的计算量是前向的两倍。",
)
def forward_only(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, work=2)


@mistake(
    en="You count the backward pass alone. What has to happen before it?",
    zh="你只算了反向。反向之前要先做什么？",
)
def backward_only(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, work=4)


@mistake(
    en="One operation for each parameter and token is too little: it is multiplied and added, and that in "
    "both directions.",
    zh="每个参数、每个词元只算一次运算，太少了：又乘又加，而且前向、反向都要。",
)
def one_operation(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, work=1)


@mistake(
    en="You count a multiplication with its addition as one. The peak counts them as two.",
    zh="你把一次乘法和随后的加法算成一次。峰值里它们算两次。",
)
def pairs_as_one(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, work=3)


@mistake(
    en="Your devices run at their peak. What they achieve is a fraction of it.",
    zh="你的设备一直在按峰值运行。实际达到的只是其中一部分。",
)
def at_the_peak(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, 1.0, watts)


@mistake(
    en="The lower the utilisation, the sooner your run ends. Should it not take longer?",
    zh="利用率越低，你的训练反而越快结束。不是应该更久吗？",
)
def utilisation_upside_down(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, 1 / utilisation, watts)


@mistake(
    en="You compute as if there were one device. They share the work.",
    zh="你是按一台设备算的。多台设备会分担工作。",
)
def one_device(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, 1, peak_tflops, utilisation, watts)


@mistake(
    en="In your count the devices draw power together, but do not share the work: each would do all of it.",
    zh="在你的算法里，设备一起用电，却没有分担工作：每台都要做完全部。",
)
def not_shared(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, 1, peak_tflops, utilisation, watts, energy=devices)


@mistake(
    en="The energy fits one device. All of them draw power.",
    zh="电量只是一台设备的。所有设备都在用电。",
)
def energy_of_one(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, energy=1 / devices)


@mistake(
    en="Your first number is in hours.",
    zh="第一个数是小时。",
)
def hours(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, energy = run(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days * 24, energy


@mistake(
    en="Your first number is in seconds.",
    zh="第一个数是秒。",
)
def seconds(parameters, tokens, devices, peak_tflops, utilisation, watts):
    days, energy = run(parameters, tokens, devices, peak_tflops, utilisation, watts)
    return days * 86_400, energy


@mistake(
    en="Both numbers are a thousand times too large: giga instead of tera.",
    zh="两个数都大了一千倍：你用的是吉（giga），应当是太（tera）。",
)
def giga(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, tera=1e9)


@mistake(
    en="Your tera is a power of two. Only memory is measured so; operations come in powers of ten.",
    zh="你的太（tera）用了二的幂。只有内存这样计量，运算次数用十的幂。",
)
def binary_tera(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, tera=2**40)


@mistake(
    en="Your energy is power times days. A kilowatt-hour wants hours.",
    zh="你的电量是功率乘天数。千瓦时要的是小时。",
)
def energy_by_days(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, energy=1 / 24)


@mistake(
    en="Your energy is in watt-hours.",
    zh="你的电量单位是瓦时。",
)
def watt_hours(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, energy=1000)


@mistake(
    en="Your energy is in joules, that is, watt-seconds.",
    zh="你的电量单位是焦耳，也就是瓦秒。",
)
def joules(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, energy=3.6e6)


@mistake(
    en="You multiply the power by the utilisation. watts is what a device draws in this run, idle units "
    "included.",
    zh="你把功率乘上了利用率。watts 已经是设备在这次训练中的实际功率，闲着的单元也算在内。",
)
def energy_utilised(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts, energy=utilisation)


@mistake(
    en="Both numbers are right, but exchanged: the days come first.",
    zh="两个数都对，顺序反了：先返回天数。",
)
def exchanged(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts)[::-1]


@mistake(
    en="The days are right. The energy is asked for as well.",
    zh="天数是对的。还要返回电量。",
)
def days_alone(parameters, tokens, devices, peak_tflops, utilisation, watts):
    return run(parameters, tokens, devices, peak_tflops, utilisation, watts)[0]


MISTAKES = (
    forward_only,
    backward_only,
    one_operation,
    pairs_as_one,
    at_the_peak,
    utilisation_upside_down,
    one_device,
    not_shared,
    energy_of_one,
    hours,
    seconds,
    giga,
    binary_tera,
    energy_by_days,
    watt_hours,
    joules,
    energy_utilised,
    exchanged,
    days_alone,
)

"""The known mistakes of 01.moe_parameters."""

from __future__ import annotations

from utils.exercises.authoring import mistake


def both(C, F, experts, active, expert=None, total=None, chosen=None):
    """Total and active for this size of an expert, with so many parameters outside the experts in each."""
    expert = 3 * C * F if expert is None else expert
    router = C * experts
    outside = [router if given is None else given for given in (total, chosen)]
    return experts * expert + outside[0], active * expert + outside[1]


@mistake(
    en="Your experts have two matrices. A gated one has three: two lead to the wide side, one leads back.",
    zh="你的专家只有两个矩阵。带门控的有三个：两个变宽，一个变回来。",
)
def two_matrices(C, F, experts, active):
    return both(C, F, experts, active, expert=2 * C * F)


@mistake(
    en="The router is missing from both numbers. It is a small layer, but it learns which expert to ask.",
    zh="两个数里都没有路由器。这一层很小，但该问哪个专家，要靠它学出来。",
)
def no_router(C, F, experts, active):
    return both(C, F, experts, active, total=0, chosen=0)


@mistake(
    en="The router is missing from the active parameters. How is an expert chosen without it?",
    zh="激活的参数里没有路由器。没有它，专家是怎么选出来的？",
)
def router_not_active(C, F, experts, active):
    return both(C, F, experts, active, chosen=0)


@mistake(
    en="The router is missing from the total.",
    zh="总数里漏了路由器。",
)
def router_only_active(C, F, experts, active):
    return both(C, F, experts, active, total=0)


@mistake(
    en="In the active count your router scores the chosen experts alone. It has to score all of them before "
    "it can choose.",
    zh="在激活的参数里，你的路由器只给选中的专家打分。可它要先给所有专家打分，才能选。",
)
def router_of_the_chosen(C, F, experts, active):
    return both(C, F, experts, active, chosen=C * active)


@mistake(
    en="Your router has C parameters, enough for one score. It gives a score to each expert.",
    zh="你的路由器只有 C 个参数，只够打一个分。它要给每个专家各打一分。",
)
def router_of_one_score(C, F, experts, active):
    return both(C, F, experts, active, total=C, chosen=C)


@mistake(
    en="Each expert has a router of its own in your count. There is one for the whole layer.",
    zh="你给每个专家都配了一个路由器。整个层只有一个。",
)
def router_in_each_expert(C, F, experts, active):
    return both(C, F, experts, active, expert=3 * C * F + C * experts, total=0, chosen=0)


@mistake(
    en="Both numbers are the total. A token passes through a few of the experts only.",
    zh="两个数都是总数。一个词元只经过其中少数几个专家。",
)
def all_active(C, F, experts, active):
    return (both(C, F, experts, active)[0],) * 2


@mistake(
    en="Both numbers are the active ones. An expert that rests takes up memory all the same.",
    zh="两个数都是激活的参数。没有被选中的专家照样占内存。",
)
def only_active(C, F, experts, active):
    return (both(C, F, experts, active)[1],) * 2


@mistake(
    en="Your second number counts the experts that rest. Which ones work on the token?",
    zh="第二个数算的是没被选中的专家。处理词元的是哪些？",
)
def idle_experts(C, F, experts, active):
    return both(C, F, experts, active)[0], both(C, F, experts, experts - active)[1]


@mistake(
    en="Both numbers are right, but exchanged: all parameters first, then the active ones.",
    zh="两个数都对，顺序反了：先是全部参数，再是激活的参数。",
)
def exchanged(C, F, experts, active):
    return both(C, F, experts, active)[::-1]


@mistake(
    en="You return the total alone. The active parameters are asked for as well.",
    zh="你只返回了总数。还要返回激活的参数。",
)
def total_alone(C, F, experts, active):
    return both(C, F, experts, active)[0]


@mistake(
    en="Your experts are four times C wide. Their width is given: F.",
    zh="你的专家宽度是 C 的四倍。宽度是给定的：F。",
)
def four_times_wide(C, F, experts, active):
    return both(C, F, experts, active, expert=12 * C * C)


@mistake(
    en="Your experts have biases. Here neither they nor the router do.",
    zh="你的专家带有偏置。这里专家和路由器都没有偏置。",
)
def experts_with_biases(C, F, experts, active):
    return both(C, F, experts, active, expert=3 * C * F + 2 * F + C)


@mistake(
    en="Your router has a bias for each expert. Here it has none.",
    zh="你的路由器给每个专家都加了偏置。这里没有。",
)
def router_with_biases(C, F, experts, active):
    return both(C, F, experts, active, total=(C + 1) * experts, chosen=(C + 1) * experts)


@mistake(
    en="All experts share one gate in your count. Each has three matrices of its own.",
    zh="你让所有专家共用一个门控矩阵。每个专家都有自己的三个矩阵。",
)
def gate_shared(C, F, experts, active):
    outside = C * experts + C * F
    return both(C, F, experts, active, expert=2 * C * F, total=outside, chosen=outside)


@mistake(
    en="Your counts are right, but at least one is a float. Above 2⁵³ a float has no room for every whole "
    "number. Where does yours stop being an int?",
    zh="计数是对的，但至少有一个是浮点数。超过 2⁵³ 之后，浮点数就放不下每一个整数了。从哪一步起，它不再是 i"
    "nt？",
)
def a_float(C, F, experts, active):
    total, at_work = both(C, F, experts, active)
    return total, at_work * 1.0


MISTAKES = (
    two_matrices,
    no_router,
    router_not_active,
    router_only_active,
    router_of_the_chosen,
    router_of_one_score,
    router_in_each_expert,
    all_active,
    only_active,
    idle_experts,
    exchanged,
    total_alone,
    four_times_wide,
    experts_with_biases,
    router_with_biases,
    gate_shared,
    a_float,
)

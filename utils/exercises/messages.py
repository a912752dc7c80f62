"""Every sentence of the exercise framework, in both languages.

``{...}`` are filled in by ``utils.exercises.report``.
"""

from __future__ import annotations

MESSAGES: dict[str, dict[str, str]] = {
    "passed": {
        "en": "✓ {id}: passed. All {count} cases agree.",
        "zh": "✓ {id}：通过，{count} 个用例全部正确。",
    },
    "failed": {"en": "✗ {id}: not yet.", "zh": "✗ {id}：还没有通过。"},
    "failed_in_case": {"en": "✗ {id}: not yet. Case “{case}”:", "zh": "✗ {id}：还没有通过。用例“{case}”："},
    "not_started": {
        "en": "○ {id}: not started yet. Replace `raise NotImplementedError` with your code.",
        "zh": "○ {id}：还没有开始。请把 `raise NotImplementedError` 换成你的代码。",
    },
    "hint": {"en": "This looks like a known mistake. {hint}", "zh": "这像是一种常见错误。{hint}"},
    "printed": {"en": "Your function printed:", "zh": "函数运行时打印的内容："},
    "more_lines": {"en": "… ({count} more lines)", "zh": "……（另有 {count} 行）"},
    # Before the function runs
    "unknown": {"en": "There is no exercise “{id}”.", "zh": "没有编号为“{id}”的练习。"},
    "did_you_mean": {"en": "Did you mean “{closest}”?", "zh": "你是不是想写“{closest}”？"},
    "known": {"en": "The exercises are: {known}.", "zh": "可用的练习有：{known}。"},
    "not_callable_none": {
        "en": "`check` was given None instead of a function.",
        "zh": "传给 `check` 的是 None，不是函数。",
    },
    "not_callable": {
        "en": "`check` was given a value of type {type} instead of a function.",
        "zh": "传给 `check` 的是一个 {type} 类型的值，不是函数。",
    },
    "pass_function": {
        "en": 'Pass the function itself, without calling it: check("{id}", {name}).',
        "zh": '请传入函数本身，不要调用它：check("{id}", {name})。',
    },
    "unsendable": {
        "en": "your function runs in a separate process, but it cannot be sent there: {reason}.",
        "zh": "你的函数要在单独的进程里运行，但无法传过去：{reason}。",
    },
    "blame": {"en": "It refers to {names}.", "zh": "问题出在它用到的 {names}。"},
    "make_inside": {
        "en": "Create such objects inside the function, or pass them in as arguments.",
        "zh": "请在函数内部创建这类对象，或者把它们作为参数传入。",
    },
    "unloadable": {
        "en": "your function runs in a separate process and could not be loaded there: {type}: {text}",
        "zh": "你的函数要在单独的进程里运行，但在那里加载失败：{type}: {text}",
    },
    "no_worker": {
        "en": "the process that checks exercises did not start. {text}",
        "zh": "用来检查练习的进程没有启动成功。{text}",
    },
    "broken": {
        "en": "! {id}: the check itself failed ({type}: {text}). "
        "This is a fault of the course, not of your code.",
        "zh": "! {id}：检查程序自身出错（{type}: {text}）。这是课程的问题，与你的代码无关。",
    },
    # While it runs
    "timeout": {
        "en": "the function was still running after {seconds} s and was stopped. "
        "Is there a loop that never ends?",
        "zh": "函数运行了 {seconds} 秒还没有结束，已被终止。是不是有停不下来的循环？",
    },
    "slow_load": {
        "en": "what your function imports was still loading after {seconds} s and was stopped.",
        "zh": "你的函数所导入的内容加载了 {seconds} 秒还没有结束，已被终止。",
    },
    "died": {
        "en": "your function ended the whole Python process ({code}). "
        "Calling os._exit does this, and so does a crash in compiled code.",
        "zh": "你的函数让整个 Python 进程退出了（{code}）。调用 os._exit，或者底层编译代码崩溃，都会这样。",
    },
    "exit_code": {"en": "exit code {code}", "zh": "退出码 {code}"},
    "no_exit_code": {"en": "no exit code", "zh": "没有退出码"},
    "memory": {
        "en": "the function asked for too much memory. "
        "The inputs are small: look at the sizes that it creates.",
        "zh": "函数占用的内存太多。输入都很小，请检查函数创建的对象有多大。",
    },
    "unwritten": {
        "en": "your function calls `{function}`, which is not written yet.",
        "zh": "你的函数调用了还没有写好的 `{function}`。",
    },
    "raises": {"en": "the function raised {type}.", "zh": "函数抛出了 {type}。"},
    "raises_text": {"en": "the function raised {type}: {text}", "zh": "函数抛出了 {type}：{text}"},
    "recursion": {
        "en": "the function called itself without end (RecursionError).",
        "zh": "函数不断调用自身，停不下来（RecursionError）。",
    },
    "signature": {
        "en": "the function cannot be called with the arguments of this exercise: {text}.",
        "zh": "函数的参数与练习要求的不符：{text}。",
    },
    "called_as": {"en": "It is called as {call}.", "zh": "调用方式是 {call}。"},
    "at_line": {
        "en": "Line {line} of {function}: {source}",
        "zh": "位置：{function} 的第 {line} 行：{source}",
    },
    "at_line_no_source": {"en": "Line {line} of {function}.", "zh": "位置：{function} 的第 {line} 行。"},
    # What it answered
    "none": {"en": "{label} is None, but should be {expected}.", "zh": "{label}是 None，应该是{expected}。"},
    "no_return": {
        "en": "Does every path through the function end in `return`?",
        "zh": "函数的每条路径都以 `return` 结束吗？",
    },
    "type": {"en": "{label} is {got}, but should be {expected}.", "zh": "{label}是{got}，应该是{expected}。"},
    "shape": {
        "en": "{label} has shape {got}, but should have shape {expected}.",
        "zh": "{label}的形状是 {got}，应该是 {expected}。",
    },
    "value": {
        "en": "{label} is {got}, but should be {expected}.",
        "zh": "{label}是 {got}，应该是 {expected}。",
    },
    "value_at": {
        "en": "{label} is {got} at {index}, but should be {expected}.",
        "zh": "{label}在 {index} 处是 {got}，应该是 {expected}。",
    },
    "nan": {
        "en": "The computation left the range of finite numbers.",
        "zh": "计算过程中出现了无穷大或非数（nan）。",
    },
    # What all the numbers have in common
    "zeros": {"en": "Every entry is zero.", "zh": "所有元素都是零。"},
    "ratio": {
        "en": "Every entry is {factor} times the expected one.",
        "zh": "每个元素都是正确值的 {factor} 倍。",
    },
    "opposite": {
        "en": "Every entry has the right size and the opposite sign.",
        "zh": "每个元素的绝对值都对，符号却相反。",
    },
    "offset": {
        "en": "Every entry differs from the expected one by the same amount, {factor}.",
        "zh": "每个元素与正确值的差都相同，为 {factor}。",
    },
    "rounding": {
        "en": "The numbers nearly agree: look for a small constant, "
        "or for a step computed with too few digits.",
        "zh": "数值已经非常接近：请检查是否用错了某个小常数，或者某一步的精度不够。",
    },
    "transposed": {"en": "Transposed, the numbers would be right.", "zh": "转置以后，数值就对了。"},
    "same_numbers": {
        "en": "The numbers are right, the shape is not.",
        "zh": "数值是对的，只是形状不对。",
    },
    # Descriptions
    "a_number": {"en": "a single number (shape ())", "zh": "一个数（形状为 ()）"},
    "an_array": {"en": "a {type} of shape {shape}", "zh": "形状为 {shape} 的 {type}"},
    "a_sequence": {"en": "a {type} of length {count}", "zh": "长度为 {count} 的 {type}"},
    "a_mapping": {"en": "a {type} with the keys {keys}", "zh": "键为 {keys} 的 {type}"},
    "a_text": {"en": "the text “{text}”", "zh": "字符串“{text}”"},
    "an_object": {"en": "an object of type {type}", "zh": "一个 {type} 类型的对象"},
    "nothing": {"en": "None", "zh": " None"},
    # Labels of results; an exercise may name its own
    "label_result": {"en": "the result", "zh": "返回值"},
    "label_item": {"en": "item {item} of {label}", "zh": "{label}的 {item} 项"},
    "label_input": {"en": "argument {number} after the call", "zh": "调用之后，第 {number} 个参数"},
    "label_gradient": {
        "en": "the gradient that autograd finds for argument {number}",
        "zh": "autograd 对第 {number} 个参数求得的梯度",
    },
    "label_second": {"en": "in a second call, {label}", "zh": "第二次调用时，{label}"},
}

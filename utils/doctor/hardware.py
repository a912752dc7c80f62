"""The doctor's verdicts on the machine: folder, memory, disk, compiler, GPU, fonts. Nothing here asks it."""

from __future__ import annotations

from utils.doctor import advice
from utils.doctor.facts import Facts
from utils.doctor.finding import FAILURE, GOOD, WARNING, Finding

INSTALLED_GB = 2.1  # what the course takes on the disk with the CPU build of torch, as README.md says
WORKING_GB = 0.5  # room for the built site, notebooks' outputs and saved models


def folder(facts: Facts) -> Finding:
    """Whether notebooks can be saved."""
    if facts.unwritable:
        what = "Copy the course to a folder of your own, for example in your home, and work there."
        return Finding(
            "Folder", FAILURE, f"the course's folder cannot be written to: {facts.unwritable}", what
        )
    return Finding("Folder", GOOD, "can be written to")


def memory(facts: Facts) -> Finding:
    """Memory against the stored run that needed most of it."""
    need = f"the largest notebook, {facts.notebook}, needs {facts.notebook_memory:g} GB"
    if facts.memory is None:
        return Finding("Memory", WARNING, f"not known; {need}", "psutil, one of the packages, can tell.")
    have = f"{facts.memory:.1f} GB"
    if facts.memory_free is not None:
        have = f"{facts.memory_free:.1f} of {have} free"
    if facts.memory < facts.notebook_memory:
        what = "Use a machine with more memory, or Colab. Smaller notebooks may still run here."
        return Finding("Memory", FAILURE, f"{have}; {need}", what)
    if facts.memory_free is not None and facts.memory_free < facts.notebook_memory:
        return Finding("Memory", WARNING, f"{have}; {need}", "Close other programs and other notebooks.")
    return Finding("Memory", GOOD, f"{have}; {need}")


def disk(facts: Facts) -> Finding:
    """Room to install, where that is still to do, or else to work."""
    have = f"{facts.disk_free:.1f} GB free"
    if "torch" not in facts.installed and facts.disk_free < INSTALLED_GB:
        what = "Make room. Take the CPU build of torch: the CUDA build needs several times as much."
        return Finding("Disk", FAILURE, f"{have}; the course takes {INSTALLED_GB:g} GB", what)
    if facts.disk_free < WORKING_GB:
        what = "Make room before you save models. What pip keeps of its downloads can go:"
        return Finding("Disk", WARNING, have, what, (f"{facts.command} -m pip cache purge",))
    return Finding("Disk", GOOD, have)


def compiler(facts: Facts) -> Finding:
    """A C++ compiler, which only torch.compile needs."""
    if not facts.compiler:
        fact = "no C++ compiler was found; only torch.compile (chapter 06) needs one"
        return Finding("Compiler", WARNING, fact, *advice.compiler(facts))
    if facts.compiled is None:
        return Finding("Compiler", GOOD, f"{facts.compiler}, for torch.compile (to try it: --compile)")
    if "error" not in facts.compiled:
        return Finding("Compiler", GOOD, f"torch.compile works with {facts.compiler}")
    error = facts.compiled["error"]
    fact = f"torch.compile (chapter 06) does not work with {facts.compiler}. {error}"
    if "Python.h" in error:
        what = "Python's header files are missing. On Debian and Ubuntu, for the system's Python:"
        return Finding("Compiler", WARNING, fact, what, ("sudo apt install python3-dev",))
    return Finding("Compiler", WARNING, fact, "Try another compiler: set CXX to its path.")


def gpu(facts: Facts) -> Finding:
    """None; there and usable; or there and out of use, because of this torch or this driver."""
    torch, card = facts.torch, f"{facts.gpu} (driver {facts.driver})"
    error = torch.get("gpu_error", "")
    if torch.get("gpu"):
        return Finding("GPU", GOOD, f"PyTorch computes on {torch['gpu']}")
    if "driver" in error and "too old" in error:
        what = "The course runs on the processor. To use the GPU, update NVIDIA's driver."
        version = f"driver {facts.driver}" if facts.driver else "the driver"
        return Finding("GPU", WARNING, f"{version} is too old for this torch (CUDA {torch['cuda']})", what)
    if not facts.gpu:
        apple = (facts.system, facts.processor) == ("Darwin", "arm64")
        return Finding(
            "GPU", GOOD, "Apple's; the course does not use it" if apple else "none; none is needed"
        )
    if not torch or "error" in torch:
        return Finding("GPU", GOOD, f"{card}; whether PyTorch can use it shows once it is installed")
    if not torch["cuda"]:
        what = "The course runs without it. To use it, choose a build for it on PyTorch's page:"
        fact = f"{card} is there, but this torch is a CPU build"
        return Finding("GPU", WARNING, fact, what, (advice.TORCH_PAGE,))
    what = "The course runs on the processor if BOOK_DEVICE=cpu is set. Otherwise try a newer driver."
    return Finding("GPU", WARNING, f"{card} is there, but PyTorch cannot use it. {error}", what)


def fonts(facts: Facts) -> Finding | None:
    """matplotlib's own font for the figures; Chinese characters are the browser's matter."""
    if "matplotlib" not in facts.installed:
        return None  # it brings its font
    if not facts.figure_font:
        fact = "DejaVu Sans, which matplotlib brings, is missing; figures will look different"
        again = advice.reinstall(facts, "matplotlib")
        return Finding("Fonts", WARNING, fact, "Install matplotlib again:", again)
    fact = "DejaVu Sans, for the figures"
    if facts.chinese_font is False:
        fact += "; no Chinese font, which the Chinese pages need where the browser runs"
    return Finding("Fonts", GOOD, fact)

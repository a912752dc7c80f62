"""The commands that mend an installation, for the machine and the Python that ``Facts`` describe."""

from __future__ import annotations

from utils.doctor.facts import Facts

# The address of the CPU builds, as PyTorch documents it. Elsewhere than on Linux pip takes them anyway.
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_PAGE = "https://pytorch.org/get-started/locally/"


def pip(facts: Facts, what: str, python: str = "") -> str:
    """``pip install`` at the tested versions."""
    return f"{python or facts.command} -m pip install -c constraints.txt {what}"


def reinstall(facts: Facts, package: str) -> tuple[str, ...]:
    """Put a package that is damaged there again, without touching what it needs."""
    index = f"--index-url={CPU_INDEX} " if (facts.system, package) == ("Linux", "torch") else ""
    return (pip(facts, f"--force-reinstall --no-deps {index}{package}"),)


def install(facts: Facts, faulty: list[str]) -> tuple[str, tuple[str, ...]]:
    """What to do about packages that are missing or out of range: a sentence, and the commands."""
    if facts.other_python:
        ask = f"{facts.other_python} -m utils.doctor"
        return "The course has its own Python in .venv, and this is another one. Ask that one:", (ask,)
    if facts.colab:
        wanted = " ".join(f'"{name}{facts.needs.packages[name]}"' for name in faulty)
        return "In a cell, run this, then choose Runtime > Restart session:", ("%pip install -q " + wanted,)
    if facts.environment:
        return "Install the course into this environment:", _with_pip(facts, facts.command, faulty)
    if facts.make and facts.system != "Windows":
        index = " TORCH_INDEX=" + CPU_INDEX if facts.system == "Linux" else ""
        return "Make the course's own environment, .venv:", ("make setup" + index,)
    windows = facts.system == "Windows"
    make = ("py" if windows else facts.command) + " -m venv .venv"
    python = ".venv\\Scripts\\python" if windows else ".venv/bin/python"
    return "Make the course's own environment and install into it:", (
        make,
        *_with_pip(facts, python, ["torch"]),
    )


def _with_pip(facts: Facts, python: str, faulty: list[str]) -> tuple[str, ...]:
    """The CPU build of torch first, where pip would take another, and then all the rest."""
    rest = pip(facts, "-e .", python)
    if facts.system == "Linux" and "torch" in faulty:
        return pip(facts, f"--no-deps --index-url={CPU_INDEX} torch", python), rest
    return (rest,)


def compiler(facts: Facts) -> tuple[str, tuple[str, ...]]:
    """How to get a C++ compiler."""
    if facts.system == "Darwin":
        return "Install Apple's command line tools:", ("xcode-select --install",)
    if facts.system == "Windows":
        what = (
            "Install Visual Studio's Build Tools with the C++ workload, and start Python from their prompt."
        )
        return what, ()
    return "Install one with the system's package manager. On Debian and Ubuntu:", ("sudo apt install g++",)

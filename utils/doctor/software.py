"""The doctor's verdicts on Python and what is installed in it. Nothing here asks the machine."""

from __future__ import annotations

from utils.doctor import advice
from utils.doctor.facts import Facts
from utils.doctor.finding import FAILURE, GOOD, WARNING, Finding
from utils.doctor.ranges import in_range

COLABS_OWN = ("jupyterlab", "ipykernel", "ipywidgets")  # Colab shows notebooks itself


def python(facts: Facts) -> Finding:
    """The version, and whether PyTorch is made for this kind of Python."""
    here = f"{facts.python}, {facts.bits}-bit: {facts.command}"
    if not facts.needs.packages:
        fact = "pyproject.toml, the list of what the course needs, is missing or empty"
        return Finding("Python", FAILURE, fact, "Clone the repository again, or unpack its archive again.")
    if not in_range(facts.python, facts.needs.python):
        fact = f"{here}; the course needs {facts.needs.python}"
        if facts.other_python:
            return Finding("Python", FAILURE, fact, *advice.install(facts, []))
        what = "Install a newer Python (python.org, or the system's package manager) and let it ask again:"
        again = ("py" if facts.system == "Windows" else "python3") + " -m utils.doctor"
        return Finding("Python", FAILURE, fact, what, (again,))
    if facts.bits == 32:
        return Finding("Python", FAILURE, here, "Install the 64-bit Python: PyTorch is made for no other.")
    if (facts.system, facts.processor) == ("Darwin", "x86_64") and "torch" not in facts.installed:
        what = (
            "PyTorch is no longer made for Intel Macs; 2.2 was the last for them. Use Colab or another "
            "machine. On a Mac with an Apple processor, install the Python that is made for it (arm64)."
        )
        return Finding("Python", FAILURE, f"{here}, made for Intel Macs", what)
    return Finding("Python", GOOD, here)


def wrong_packages(facts: Facts) -> tuple[list[str], list[str]]:
    """What the course needs and this Python lacks, and what it has in a version out of range."""
    missing, out_of_range = [], []
    for name, spec in facts.needs.packages.items():
        version = facts.installed.get(name)
        if facts.colab and name in COLABS_OWN:
            continue
        if version is None:
            missing.append(name)
        elif not in_range(version, spec):
            out_of_range.append(name)
    return missing, out_of_range


def packages(facts: Facts) -> Finding:
    """Each package of the base list against its range."""
    missing, out_of_range = wrong_packages(facts)
    needs, here = facts.needs.packages, facts.installed
    if not missing and not out_of_range:
        listed = ", ".join(f"{name} {here[name]}" for name in needs if name in here)
        return Finding("Packages", GOOD, f"in range: {listed}")
    said = []
    if missing:
        said.append("missing: " + ", ".join(f"{name} {needs[name]}" for name in missing))
    if out_of_range:
        wrong = [f"{name} {here[name]} (needed: {needs[name]})" for name in out_of_range]
        said.append("out of range: " + ", ".join(wrong))
    if python(facts).verdict == FAILURE:
        return Finding("Packages", FAILURE, "; ".join(said), "First do what the line on Python says.")
    return Finding("Packages", FAILURE, "; ".join(said), *advice.install(facts, missing + out_of_range))


def pytorch(facts: Facts) -> Finding | None:
    """Whether torch, if it is installed, can be imported and computes."""
    if not facts.torch:
        return None
    if "error" not in facts.torch:
        return Finding("PyTorch", GOOD, "can be imported and computes")
    what = "Install it again:"
    if facts.system == "Windows" and "DLL" in facts.torch["error"]:
        what = "Install Microsoft's Visual C++ Redistributable (x64). If that does not help, torch again:"
    again = advice.reinstall(facts, "torch")
    return Finding("PyTorch", FAILURE, f"is installed but does not work. {facts.torch['error']}", what, again)


def extras(facts: Facts) -> Finding | None:
    """The extra packages that build the site, compare and test: the chapters and labs run without them."""
    if any(wrong_packages(facts)):
        return None  # first things first
    said, wrong = [], []
    for extra, needs in facts.needs.extras.items():
        missing = [name for name in needs if name not in facts.installed]
        said.append(f"{extra} {'is not installed' if missing else 'is complete'}")
        for name, spec in needs.items():
            if name in facts.installed and not in_range(facts.installed[name], spec):
                wrong.append(f"{name} is {facts.installed[name]}, not {spec}")
    if wrong:
        what = "The chapters run all the same. Before you build the site or run the tests:"
        command = advice.pip(facts, f'-e ".[{",".join(facts.needs.extras)}]"')
        return Finding("Extras", WARNING, ", ".join(wrong), what, (command,))
    use = "needed only to build the site, to compare with other projects and to test"
    return Finding("Extras", GOOD, f"{', '.join(said)}: {use}")


def utils(facts: Facts) -> Finding:
    """Which package a notebook gets when it says ``import utils``."""
    if facts.utils_ours:
        return Finding("utils", GOOD, "notebooks find the course's own package")
    if not facts.utils:
        fact = "notebooks do not find the course's own package"
        if any(wrong_packages(facts)):
            return Finding("utils", FAILURE, fact, "It comes with the packages above.")
        return Finding("utils", FAILURE, fact, *advice.install(facts, []))
    fact = f"another package of that name hides the course's own: {facts.utils}"
    if facts.utils_owner:
        what = f"It came with {facts.utils_owner}. Remove that, or give the course an environment of its own:"
        remove = f"{facts.command} -m pip uninstall {facts.utils_owner}"
        return Finding("utils", FAILURE, fact, what, (remove,))
    what = (
        "Rename it, or take its folder out of PYTHONPATH. If it is another copy of the course, "
        "let this one take its place:"
    )
    return Finding("utils", FAILURE, fact, what, (advice.pip(facts, "-e ."),))

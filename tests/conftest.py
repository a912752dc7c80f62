"""What all tests share: the environment that notebooks run in, and the share of outputs that is compared."""

from __future__ import annotations

import pytest

from book.notebooks import compared_share, key, lessons, read, run_environment, uses_corpus
from tests.site_fixtures import browser, site, site_url  # noqa: F401  (fixtures)


class Unprinted(dict[str, str]):
    """Environment variables, which a failed test's report must not show."""

    def __repr__(self) -> str:
        return f"{len(self)} environment variables"


@pytest.fixture(scope="session")
def notebook_environment(tmp_path_factory) -> dict[str, str]:
    """No GPU, one thread, no slider widgets, nobody's own IPython settings, and matplotlib's fonts listed."""
    from book.execute import probe

    environment = Unprinted(run_environment(IPYTHONDIR=str(tmp_path_factory.mktemp("ipython"))))
    probe(environment)
    return environment


def pytest_terminal_summary(terminalreporter) -> None:
    compared, printing = compared_share([read(path) for path in lessons()])
    share = f"{compared / printing:.0%}" if printing else "no"
    terminalreporter.write_line(f"{compared} of {printing} code cells that print are compared: {share}")
    ran = {getattr(report, "nodeid", "") for reports in terminalreporter.stats.values() for report in reports}
    names = [key(path) for path in lessons() if uses_corpus(read(path))]
    if any("test_notebooks.py" in name for name in ran) and (line := uncompared_line(names)):
        terminalreporter.write_line(line, yellow=True)


def uncompared_line(names: list[str]) -> str:
    """What is to be seen at the end of a run where PyTorch's source is not that of the stored outputs."""
    from utils import corpus  # here, since it loads torch, which most tests do without

    if not names or corpus.matches():
        return ""
    return f"RUN BUT NOT COMPARED: {', '.join(names)}. {corpus.status()}"

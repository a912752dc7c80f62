"""What a page needs to show a figure: one style, alt text, a slider that works with and without a kernel."""

from utils.explore import explore
from utils.figures import COLOURS, figure, show, use_style

__all__ = ["COLOURS", "explore", "figure", "show", "use_style"]

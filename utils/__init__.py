"""The helper package of *Large Models from Zero*: what the chapters share and what earlier ones have settled.

Imports go one way: notebooks import ``utils``, never the reverse. Importing ``utils`` itself imports nothing.
"""

PROJECT = "Large Models from Zero"
__version__ = "0.1.0"

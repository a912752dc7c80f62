"""The helper package of *Large Models from Zero*: what the chapters share and what earlier chapters have settled.

Imports go one way: notebooks import ``utils``, never the reverse. Importing ``utils`` itself imports nothing else.
"""

PROJECT = "Large Models from Zero"
__version__ = "0.1.0"

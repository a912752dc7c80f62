"""The doctor: says in plain words whether this machine can run the course, and what to do where it cannot.

    python -m utils.doctor              look at everything
    python -m utils.doctor --compile    also compile and run a small function (half a minute)
    python -m utils.doctor --json       the same for a program

It ends with status 0 if the course can run, 1 if not. It uses no network and changes nothing. It must answer
where nothing is installed and where Python is too old for the course: its modules hold to the syntax of
Python 3.8 and import only the standard library (others inside functions, where they are looked at).

It does not judge speed, and a GPU is a bonus: the course is measured on two processor cores.
"""

"""What can go wrong around the program, as opposed to within a request.

A caller's mistakes are in domain.errors; here is what the person who starts the program can cure.
"""


class Problem(Exception):
    """Something the operator can cure: one sentence that says what is wrong and what to do.

    Commands print the sentence on stderr and end with exit code 1, without a traceback.
    """

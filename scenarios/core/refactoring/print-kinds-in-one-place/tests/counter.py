"""What the counter tells a customer: the quote, or the words of the ValueError."""


def told(quote, jobs):
    try:
        return quote(jobs)
    except ValueError as error:
        return {"refused": str(error)}

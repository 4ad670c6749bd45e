# score: 8 - mends the arithmetic, leaves the limit and the empty list as they were
import math


def paginate(rows, page=1, per_page=3):
    if page < 1:
        raise ValueError(f"page must be 1 or more, not {page}")
    pages = math.ceil(len(rows) / per_page)
    start = (page - 1) * per_page
    return {
        "rows": rows[start : start + per_page],
        "page": page,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }

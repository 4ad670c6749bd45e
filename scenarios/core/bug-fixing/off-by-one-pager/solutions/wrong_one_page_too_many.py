# score: 6.5 - adds one page always, so rows that fill the last page get an empty one behind it
MAX_PER_PAGE = {{limit.most}}


def paginate(rows, page=1, per_page=3):
    if page < 0:
        raise ValueError(f"page must be 1 or more, not {page}")
    per_page = min(per_page, MAX_PER_PAGE)
    pages = len(rows) // per_page + 1
    start = (page - 1) * per_page
    return {
        "rows": rows[start : start + per_page],
        "page": page,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }

# score: 5 - mends what the traceback shows and the check of the page, not has_next, the limit and the empty list
def paginate(rows, page=1, per_page=3):
    if page < 1:
        raise ValueError(f"page must be 1 or more, not {page}")
    pages = -(-len(rows) // per_page)
    start = (page - 1) * per_page
    return {
        "rows": rows[start : start + per_page],
        "page": page,
        "pages": pages,
        "has_next": page <= pages,
        "has_previous": page > 1,
    }

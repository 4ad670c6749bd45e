# score: 10
MAX_PER_PAGE = {{limit.most}}


def paginate(rows, page=1, per_page=3):
    if page < 1:
        raise ValueError(f"page must be 1 or more, not {page}")
    per_page = min(per_page, MAX_PER_PAGE)
    pages = max(1, -(-len(rows) // per_page))
    start = (page - 1) * per_page
    return {
        "rows": rows[start : start + per_page],
        "page": page,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }

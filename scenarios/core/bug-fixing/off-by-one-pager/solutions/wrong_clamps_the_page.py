# score: 7.5 - corrects bad page numbers silently instead of refusing them, and the last page is repeated for ever
MAX_PER_PAGE = {{limit.most}}


def paginate(rows, page=1, per_page=3):
    per_page = min(per_page, MAX_PER_PAGE)
    pages = max(1, (len(rows) + per_page - 1) // per_page)
    page = min(max(page, 1), pages)
    start = (page - 1) * per_page
    return {
        "rows": rows[start : start + per_page],
        "page": page,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }

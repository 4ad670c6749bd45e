# score: 2.5 - reads seconds only, in any writing that int() knows
def retry_delay_s(header: str | None, now: float) -> float:
    try:
        return min(int(header or ""), {{bounds.cap}})
    except ValueError:
        return {{bounds.fallback}}

# score: 8 - checks the characters of each part, not the bits left over in the last one, and lets the parser guess the encoding
import base64
import hashlib
import hmac
import json
import re

ISSUER = "{{site.issuer}}"
AUDIENCE = "{{site.audience}}"
PART = re.compile(r"[A-Za-z0-9_-]+")


def decode(text):
    if not PART.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("invalid base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_token(token, keys, now):
    try:
        head, body, signature = token.split(".")
        header = json.loads(decode(head))
        given = decode(signature)
        if not isinstance(header, dict) or header.get("alg") != "HS256" or "crit" in header:
            return None
        kid = header.get("kid")
        secret = keys.get(kid) if isinstance(kid, str) else None
        if not secret:
            return None
        expected = hmac.new(secret.encode(), (head + "." + body).encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(expected, given):
            return None
        claims = json.loads(decode(body))
    except (ValueError, RecursionError):
        return None
    if not isinstance(claims, dict):
        return None
    for name in ("exp", "nbf"):
        if name in claims and type(claims[name]) is not int:
            return None
    if "exp" not in claims or now >= claims["exp"] or now < claims.get("nbf", now):
        return None
    audience = claims.get("aud")
    if isinstance(audience, str):
        audience = [audience]
    if claims.get("iss") != ISSUER or not isinstance(audience, list) or AUDIENCE not in audience:
        return None
    return claims

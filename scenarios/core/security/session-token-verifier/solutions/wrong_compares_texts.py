# score: 5.5 - compares the signature as text, which raises for other letters, takes true for a time and a part of the audience for all
import base64
import hashlib
import hmac
import json

ISSUER = "{{site.issuer}}"
AUDIENCE = "{{site.audience}}"


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read_token(token, keys, now):
    parts = token.split(".")
    if len(parts) != 3:
        return None
    head, body, signature = parts
    try:
        header = json.loads(decode(head))
        claims = json.loads(decode(body))
    except ValueError:
        return None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        return None
    if header.get("alg") != "HS256" or "crit" in header:
        return None
    secret = keys.get(str(header.get("kid")))
    if not secret:
        return None
    digest = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(encode(digest), signature):
        return None
    if not isinstance(claims.get("exp"), int) or claims["exp"] <= now:
        return None
    nbf = claims.get("nbf", 0)
    if not isinstance(nbf, int) or nbf > now:
        return None
    if claims.get("iss") != ISSUER or AUDIENCE not in claims.get("aud", ""):
        return None
    return claims

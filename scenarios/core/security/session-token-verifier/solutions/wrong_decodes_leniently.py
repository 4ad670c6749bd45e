# score: 7 - checks everything but the spelling: the decoder drops foreign characters and bits that are left over
import base64
import hashlib
import hmac
import json

ISSUER = "{{site.issuer}}"
AUDIENCE = "{{site.audience}}"


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def read_token(token, keys, now):
    try:
        head, body, signature = token.split(".")
        header = json.loads(decode(head).decode("utf-8"))
        if not isinstance(header, dict) or header.get("alg") != "HS256" or "crit" in header:
            return None
        kid = header.get("kid")
        if not isinstance(kid, str) or not keys.get(kid):
            return None
        digest = hmac.new(keys[kid].encode("utf-8"), f"{head}.{body}".encode("ascii"), hashlib.sha256).digest()
        if not hmac.compare_digest(digest, decode(signature)):
            return None
        claims = json.loads(decode(body).decode("utf-8"))
        if not isinstance(claims, dict):
            return None
        if not is_integer(claims.get("exp")) or now >= claims["exp"]:
            return None
        if "nbf" in claims and (not is_integer(claims["nbf"]) or now < claims["nbf"]):
            return None
        if claims.get("iss") != ISSUER:
            return None
        aud = claims.get("aud")
        if not (aud == AUDIENCE or isinstance(aud, list) and AUDIENCE in aud):
            return None
        return claims
    except Exception:
        return None

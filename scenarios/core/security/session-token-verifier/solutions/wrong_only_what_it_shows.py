# score: 3 - mends the algorithm, the comparison and the claims that are named, and believes types and spellings
import base64
import hashlib
import hmac
import json

ISSUER = "{{site.issuer}}"
AUDIENCE = "{{site.audience}}"


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_token(token, keys, now):
    try:
        head, body, signature = token.split(".")
        header = json.loads(decode(head))
        if header["alg"] != "HS256" or header.get("crit"):
            return None
        secret = keys[header["kid"]].encode()
        digest = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(decode(signature), digest):
            return None
        claims = json.loads(decode(body))
        if claims["iss"] != ISSUER or AUDIENCE not in claims["aud"]:
            return None
        if not claims.get("nbf", 0) <= now < claims["exp"]:
            return None
        return claims
    except (ValueError, KeyError, TypeError):
        return None

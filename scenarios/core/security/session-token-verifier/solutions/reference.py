# score: 10
import base64
import hashlib
import hmac
import json

ISSUER = "{{site.issuer}}"
AUDIENCE = "{{site.audience}}"


def decode(text):
    """The bytes of a part; ValueError unless it is their only valid spelling."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=") != text.encode():
        raise ValueError("not the canonical spelling")
    return data


def json_object(part):
    value = json.loads(decode(part).decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def read_token(token, keys, now):
    """The claims of a valid token, None for any other. `keys` holds the secrets by key id."""
    try:
        head, body, signature = token.split(".")
        header = json_object(head)
        sent = decode(signature)
        kid = header.get("kid")
        secret = keys.get(kid, "") if isinstance(kid, str) else ""
        if header.get("alg") != "HS256" or "crit" in header or not secret:
            return None
        digest = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(sent, digest):
            return None
        claims = json_object(body)
    except (ValueError, RecursionError):
        return None
    return claims if is_in_time(claims, now) and is_for_us(claims) else None


def is_in_time(claims, now):
    exp = claims.get("exp")
    nbf = claims.get("nbf", now)
    return type(exp) is int and type(nbf) is int and nbf <= now < exp


def is_for_us(claims):
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    return claims.get("iss") == ISSUER and AUDIENCE in audiences

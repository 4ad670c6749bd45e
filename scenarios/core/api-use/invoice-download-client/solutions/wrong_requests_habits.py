# score: 1.1667 - Session, allow_redirects, iter_content and Retry are those of requests
import httpx
from pathlib import Path


def fetch(base_url: str, token: str, proxy: str | None, folder: Path) -> list[Path]:
    saved = []
    with httpx.Session() as session:
        session.headers.update({"Authorization": f"Bearer {token}"})
        session.mount("https://", httpx.HTTPTransport(max_retries=httpx.Retry({{net.again}})))
        session.proxies = {"all": proxy}
        url = f"{base_url}/{{what.list}}?state=open"
        while url:
            try:
                page = httpx.get(url, allow_redirects=True, timeout=({{net.connect}}, {{net.rest}}))
                page.raise_for_status()
            except httpx.Timeout:
                break
            for entry in page.json():
                response = httpx.get(entry["url"], stream=True)
                if response.status_code == 404:
                    continue
                response.raise_for_status()
                path = folder / f"{entry['id']}.pdf"
                with path.open("wb") as out:
                    for chunk in response.iter_content(8192):
                        out.write(chunk)
                httpx.post(f"{base_url}/{{what.sent}}/{entry['id']}", data=b"done")
                saved.append(path)
            url = page.links.get("next", {}).get("url")
    return saved

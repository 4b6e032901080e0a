"""Put the RO-Crate context that the package ``rocrate`` ships into the cache of the validator, which has no network.

Run by the Python that has both: ``seed_rocrate.py CACHE``.
"""

import io
import sys
from pathlib import Path

CONTEXT = "https://w3id.org/ro/crate/1.3/context"


def main(cache):
    import requests
    import rocrate
    from requests_cache import CachedSession
    from urllib3 import HTTPResponse

    content = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
    session = CachedSession(cache_name=cache, expire_after=-1, backend="sqlite", allowable_methods=("GET",))
    answer = requests.Response()
    answer.status_code, answer.url, answer.reason = 200, CONTEXT, "OK"
    answer.headers["Content-Type"] = "application/ld+json"
    answer.raw = HTTPResponse(io.BytesIO(content), headers=dict(answer.headers), status=200, preload_content=False)
    answer.request = session.prepare_request(requests.Request("GET", CONTEXT))
    session.cache.save_response(answer)
    session.close()


if __name__ == "__main__":
    main(sys.argv[1])

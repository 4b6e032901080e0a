"""Headers of every answer, static files and errors included."""

from django.utils.cache import add_never_cache_headers

#: What no page of ours needs is closed to all, scripts of other places included. Source: W3C Permissions Policy.
CLOSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "interest-cohort",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
#: A button copies an address; passkeys are made and used at the desk.
OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
POLICY = ", ".join([*(f"{name}=()" for name in CLOSED), *(f"{name}=(self)" for name in OWN)])
DESK = "/admin/"


class Headers:
    """Middleware, the outermost, so that no answer goes out without them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        if request.path_info.startswith(DESK):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow, noarchive")
            if "Cache-Control" not in response.headers or "no-store" not in response.headers["Cache-Control"]:
                add_never_cache_headers(response)
        return response

"""The application that the register is compared with: ordinary Django over the same tables (see ``stock_views``)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.stock_settings")

application = get_wsgi_application()

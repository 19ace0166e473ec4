"""A Django project in one file: token, permissions of the model, the request's person in the history."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

HERE = Path(__file__).parent
settings.configure(
    SECRET_KEY="of-a-benchmark",  # noqa: S106 - nobody's
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="urls",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework.authtoken",
        "simple_history",
        "customer",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "simple_history.middleware.HistoryRequestMiddleware",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": os.environ["PGDATABASE"],
            "USER": os.environ["PGUSER"],
            "HOST": os.environ["PGHOST"],
            "CONN_MAX_AGE": 600,
        }
    },
)
sys.path.insert(0, str(HERE))
django.setup()


def main(port: str) -> None:
    """Serve until killed: one process, four threads, as every side."""
    from django.core.wsgi import get_wsgi_application
    from waitress import serve

    serve(get_wsgi_application(), host="127.0.0.1", port=int(port), threads=4, ident="")


if __name__ == "__main__":
    main(sys.argv[1])

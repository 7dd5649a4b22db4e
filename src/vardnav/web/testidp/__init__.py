"""A provider of identity for demos and tests: whoever opens it may say that they are any of the demo's people.

It cannot even be imported where a real region is served.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if not settings.DEMO:
    raise ImproperlyConfigured("The test provider of identity exists in demos only (VARDNAV_DEMO=1).")

"""How static files are served in production: under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Modules import each other by those names as well, so that no browser mixes an old one with a new one."""

    support_js_module_import_aggregation = True

"""What the bundle leaves out: module names and file patterns, as data, and one question to ask of a file.

The specification file reads these lists; tests/packaging compares them with what the application imports.
"""

from __future__ import annotations

from fnmatch import fnmatch

# Never imported by Nodewise. A test opens the window and fails when one of these was loaded.
UNUSED_MODULES = [
    "IPython",
    "PIL.ImageTk",
    "PIL._avif",
    "PIL._imagingtk",
    "PIL._webp",
    "PySide6.QtNetwork",
    "PySide6.QtOpenGL",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "_tkinter",
    "curses",
    "doctest",
    "ensurepip",
    "ftplib",
    "hypothesis",
    "idlelib",
    "imaplib",
    "lib2to3",
    "matplotlib.backends.backend_cairo",
    "matplotlib.backends.backend_gtk3",
    "matplotlib.backends.backend_gtk4",
    "matplotlib.backends.backend_macosx",
    "matplotlib.backends.backend_nbagg",
    "matplotlib.backends.backend_pgf",
    "matplotlib.backends.backend_ps",
    "matplotlib.backends.backend_tkagg",
    "matplotlib.backends.backend_webagg",
    "matplotlib.backends.backend_wx",
    "matplotlib.pyplot",
    "matplotlib.testing",
    "matplotlib.tests",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.testing",
    "numpy.tests",
    "pip",
    "pydoc_data",
    "pytest",
    "setuptools",
    "smtplib",
    "tkinter",
    "turtle",
    "turtledemo",
    "wheel",
    "xmlrpc",
]

# The standard library asks for these and does without: no network, no OpenSSL in the bundle.
REPLACEABLE_MODULES = ["_hashlib", "_ssl", "ssl"]

# unittest stays: pyparsing, which matplotlib needs, imports it.
EXCLUDED_MODULES = [*UNUSED_MODULES, *REPLACEABLE_MODULES]

KEPT_QT_PLUGINS = [
    "platforms/libqxcb.so",
    "platforms/libqwayland.so",
    "platforms/libqoffscreen.so",
    "platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "platforminputcontexts/libibusplatforminputcontextplugin.so",
    "platformthemes/libqxdgdesktopportal.so",
    "iconengines/libqsvgicon.so",
    "imageformats/libqsvg.so",
    "imageformats/libqjpeg.so",
    "wayland-shell-integration/libxdg-shell.so",
    "wayland-decoration-client/*.so",
]

KEPT_QT_LIBRARIES = [
    "libQt6Core.so*",
    "libQt6DBus.so*",
    "libQt6Gui.so*",
    "libQt6OpenGL.so*",
    "libQt6PrintSupport.so*",
    "libQt6Svg.so*",
    "libQt6SvgWidgets.so*",
    "libQt6WaylandClient.so*",
    "libQt6Widgets.so*",
    "libQt6WlShellIntegration.so*",
    "libQt6XcbQpa.so*",
    "libicu*.so*",
]

# What Qt's own dialogs say, in the languages of the program.
KEPT_QT_TRANSLATIONS = ["qtbase_de.qm", "qtbase_es.qm", "qtbase_fr.qm", "qtbase_it.qm"]

# System libraries of the build machine that no kept file needs, and sample files.
# libglib stays: Qt's core links it, and a bare system lacks it.
DROPPED_FILES = [
    "libcairo*",
    "libcom_err*",
    "libcrypto*",
    "libgdk*",
    "libgtk*",
    "libgssapi*",
    "libk5crypto*",
    "libkeyutils*",
    "libkrb5*",
    "libpango*",
    "libssl*",
    "matplotlib/mpl-data/sample_data/*",
    "matplotlib/mpl-data/images/*",
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "docx/templates/default-docx-template/*",
    "tzdata/zone*",
    "*/py.typed",
    "*.pyi",
]

# What the patterns above take and Nodewise reads: cut-off times are given in Brussels time.
KEPT_FILES = ["tzdata/zoneinfo/Europe/Brussels"]


def keep(path: str) -> bool:
    """Say whether a file of the bundle, named relative to its folder, is worth shipping."""
    plugin = path.partition("PySide6/Qt/plugins/")[2]
    if plugin:
        return any(fnmatch(plugin, pattern) for pattern in KEPT_QT_PLUGINS)
    library = path.partition("PySide6/Qt/lib/")[2]
    if library:
        return any(fnmatch(library, pattern) for pattern in KEPT_QT_LIBRARIES)
    words = path.partition("PySide6/Qt/translations/")[2]
    if words:
        return words in KEPT_QT_TRANSLATIONS
    return path in KEPT_FILES or not any(fnmatch(path, pattern) for pattern in DROPPED_FILES)

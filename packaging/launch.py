"""Where the bundle starts: the same as the installed command `nodewise`."""

import sys

from app.__main__ import main

if __name__ == "__main__":
    sys.exit(main())

"""lxml as Nodewise needs it: what is imported, instead of every module that the package has."""

hiddenimports: list[str] = []

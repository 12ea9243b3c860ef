"""Windows, macOS and newer Pythons, as far as Linux can show them."""

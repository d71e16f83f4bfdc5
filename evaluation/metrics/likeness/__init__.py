"""Do synthetic samples lie where real ones do, and the other way round?"""

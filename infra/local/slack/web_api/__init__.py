"""The Web API: the methods that an app calls.

Knows method names, arguments, scopes and answers. Refuses to know the page.
"""

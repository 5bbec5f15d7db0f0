"""The issuer that says who somebody is, by OpenID Connect."""

// Package identity checks who somebody is with the help of others:
// authenticators that hold passkeys (WebAuthn), and identity providers that
// speak OpenID Connect. What follows from it (which account, which role) is
// decided by package app.
package identity

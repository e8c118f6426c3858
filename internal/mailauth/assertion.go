package mailauth

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

// signer makes the assertions with which an application shows that it has the
// private key of its certificate, as Entra ID wants them: PS256, the
// certificate named by its SHA-256.
type signer struct {
	key   *rsa.PrivateKey
	thumb string
}

func newSigner(pem []byte) (*signer, error) {
	pair, err := tls.X509KeyPair(pem, pem)
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the key has to be an RSA key")
	}
	sum := sha256.Sum256(pair.Certificate[0])
	return &signer{key: key, thumb: base64.RawURLEncoding.EncodeToString(sum[:])}, nil
}

// assertionLife is long enough for clocks that differ a little.
const assertionLife = 5 * time.Minute

func (s *signer) assertion(client, audience string, now time.Time) (string, error) {
	head, err := json.Marshal(map[string]string{"alg": "PS256", "typ": "JWT", "x5t#S256": s.thumb})
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{"aud": audience, "iss": client, "sub": client, "jti": rand.Text(),
		"nbf": now.Unix(), "iat": now.Unix(), "exp": now.Add(assertionLife).Unix()})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString(head) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPSS(rand.Reader, s.key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return "", err
	}
	return signed + "." + enc.EncodeToString(sig), nil
}

// The OpenID Connect authenticator of the Kubernetes API server accepts the ID tokens of a client that signs in as kubelogin
// does: golang.org/x/oauth2 and go-oidc, a loopback redirect URI, PKCE, no secret. Takes ISSUER, CLIENT_ID, REDIRECT_URI,
// CA_FILE, CONFIGURATION (a file with an AuthenticationConfiguration) and LOGIN_USERNAME from the environment; prints
// `open <URL>` for the browser, `ok <step>` for each step, and exits with 0 only when all of them passed.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	authenticator "k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"
)

type authority []byte

func (pem authority) CurrentCABundleContent() []byte { return pem }

// The API server with this AuthenticationConfiguration.
func apiServer(ctx context.Context, pem authority) authenticator.AuthenticatorTokenWithHealthCheck {
	text, err := os.ReadFile(os.Getenv("CONFIGURATION"))
	check(err)
	scheme := runtime.NewScheme()
	install.Install(scheme)
	read, err := runtime.Decode(serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDecoder(), text)
	check(err)
	server, err := authenticator.New(ctx, authenticator.Options{
		JWTAuthenticator:     read.(*apiserver.AuthenticationConfiguration).JWT[0],
		CAContentProvider:    pem,
		SupportedSigningAlgs: authenticator.AllValidSigningAlgorithms(),
	})
	check(err)
	for range 100 {
		if err = server.HealthCheck(); err == nil {
			return server
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatal(err)
	return nil
}

// Listens for the answer and opens the browser.
func signIn(ctx context.Context, config oauth2.Config) *oauth2.Token {
	at, err := url.Parse(config.RedirectURL)
	check(err)
	listener, err := net.Listen("tcp", at.Host)
	check(err)
	callbacks := make(chan url.Values, 1)
	go http.Serve(listener, http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) { callbacks <- request.URL.Query() }))
	verifier, state := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	fmt.Println("open", config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier), oidc.Nonce(state)))
	answer := <-callbacks
	require(answer.Get("error"), "", answer.Get("error_description"))
	require(answer.Get("state"), state, "state")
	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(verifier))
	check(err)
	return token
}

func main() {
	issuer, clientID := os.Getenv("ISSUER"), os.Getenv("CLIENT_ID")
	pem, err := os.ReadFile(os.Getenv("CA_FILE"))
	check(err)
	roots := x509.NewCertPool()
	require(roots.AppendCertsFromPEM(pem), true, "the certificate authority is readable")
	http.DefaultTransport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	ctx := context.Background()

	provider, err := oidc.NewProvider(ctx, issuer)
	check(err)
	fmt.Println("ok discovery")
	config := oauth2.Config{
		ClientID:    clientID,
		Endpoint:    provider.Endpoint(),
		RedirectURL: os.Getenv("REDIRECT_URI"),
		Scopes:      []string{"openid", "email", "offline_access"},
	}
	token := signIn(ctx, config)
	idToken := func(token *oauth2.Token) string {
		raw, ok := token.Extra("id_token").(string)
		require(ok, true, "an ID token")
		_, err := provider.Verifier(&oidc.Config{ClientID: clientID}).Verify(ctx, raw)
		check(err)
		return raw
	}
	first := idToken(token)
	fmt.Println("ok tokens")

	server := apiServer(ctx, pem)
	username := func(raw string) string {
		answer, ok, err := server.AuthenticateToken(ctx, raw)
		check(err)
		require(ok, true, "the API server accepts the token")
		return answer.User.GetName()
	}
	require(username(first), "oidc:"+os.Getenv("LOGIN_USERNAME")+"@example.com", "the user's name")
	_, ok, _ := server.AuthenticateToken(ctx, token.AccessToken)
	require(ok, false, "the API server accepts the access token")
	fmt.Println("ok user name at the API server")

	token.Expiry = time.Now().Add(-time.Hour)
	refreshed, err := config.TokenSource(ctx, token).Token()
	check(err)
	second := idToken(refreshed)
	require(first != second, true, "a new ID token")
	require(username(second), username(first), "the user's name after the refresh")
	fmt.Println("ok refresh")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func require[T comparable](found, expected T, what string) {
	if found != expected {
		log.Fatalf("%s: %v instead of %v", what, found, expected)
	}
}

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.oauth2.sdk.*;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.Token;
import com.nimbusds.oauth2.sdk.util.URIUtils;
import com.nimbusds.openid.connect.sdk.*;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A client written with the Nimbus OAuth 2.0 SDK. Takes ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI and LOGIN_USERNAME
 * from the environment; prints `open <URL>` for the browser, `ok <step>` for each step, and exits with 0 only if all passed.
 */
public class Nimbus {
    static final ClientID CLIENT = new ClientID(System.getenv("CLIENT_ID"));
    static final Secret SECRET = new Secret(System.getenv("CLIENT_SECRET"));
    static final ClientSecretBasic AUTHENTICATION = new ClientSecretBasic(CLIENT, SECRET);
    static final URI REDIRECT_URI = URI.create(System.getenv("REDIRECT_URI"));
    static final BlockingQueue<URI> CALLBACKS = new ArrayBlockingQueue<>(1);

    public static void main(String[] arguments) {
        try {
            run();
            System.exit(0);
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
    }

    static void run() throws Exception {
        var browserReturns = HttpServer.create(new InetSocketAddress("127.0.0.1", REDIRECT_URI.getPort()), 0);
        browserReturns.createContext("/", exchange -> {
            CALLBACKS.add(exchange.getRequestURI());
            exchange.sendResponseHeaders(204, -1);
        });
        browserReturns.start();

        var server = OIDCProviderMetadata.resolve(new Issuer(System.getenv("ISSUER")));
        ok("discovery");

        var verifier = new CodeVerifier();
        var request = authentication(server, verifier);
        var tokens = signIn(server, request, request.toURI(), verifier);
        ok("id token");

        var question = new UserInfoRequest(server.getUserInfoEndpointURI(), tokens.getBearerAccessToken());
        var person = UserInfoResponse.parse(question.toHTTPRequest().send()).toSuccessResponse().getUserInfo();
        require("Ada Lovelace".equals(person.getName()), person.getName());
        require((System.getenv("LOGIN_USERNAME") + "@example.com").equals(person.getEmailAddress()), person.getEmailAddress());
        ok("userinfo");

        var refresh = new RefreshTokenGrant(tokens.getRefreshToken());
        var refreshed = tokens(new TokenRequest.Builder(server.getTokenEndpointURI(), AUTHENTICATION, refresh).build());
        require(!refreshed.getAccessToken().equals(tokens.getAccessToken()), "a new access token");
        ok("refresh");

        require(isActive(server, refreshed.getAccessToken()), "the access token is active");
        ok("introspection");
        var revocation = new TokenRevocationRequest(server.getRevocationEndpointURI(), AUTHENTICATION, refreshed.getRefreshToken());
        require(revocation.toHTTPRequest().send().indicatesSuccess(), "the revocation");
        require(!isActive(server, refreshed.getRefreshToken()), "the refresh token is not active");
        require(!isActive(server, refreshed.getAccessToken()), "the access token is not active");
        ok("revocation");

        verifier = new CodeVerifier();
        request = authentication(server, verifier);
        var push = new PushedAuthorizationRequest(server.getPushedAuthorizationRequestEndpointURI(), AUTHENTICATION, request);
        var pushed = PushedAuthorizationResponse.parse(push.toHTTPRequest().send());
        require(pushed.indicatesSuccess(), pushed.toHTTPResponse().getBody());
        var reference = new AuthorizationRequest.Builder(pushed.toSuccessResponse().getRequestURI(), CLIENT)
            .endpointURI(server.getAuthorizationEndpointURI())
            .build();
        signIn(server, request, reference.toURI(), verifier);
        ok("pushed authorization request");
    }

    static AuthenticationRequest authentication(OIDCProviderMetadata server, CodeVerifier verifier) {
        return new AuthenticationRequest.Builder(ResponseType.CODE, new Scope("openid", "profile", "email"), CLIENT, REDIRECT_URI)
            .endpointURI(server.getAuthorizationEndpointURI())
            .state(new State())
            .nonce(new Nonce())
            .codeChallenge(verifier, CodeChallengeMethod.S256)
            .build();
    }

    /** From the browser at `url` to a validated ID token. */
    static OIDCTokens signIn(OIDCProviderMetadata server, AuthenticationRequest request, URI url, CodeVerifier verifier)
        throws Exception {
        System.out.println("open " + url);
        var answer = AuthenticationResponseParser.parse(CALLBACKS.take());
        require(answer.indicatesSuccess(), answer.toString());
        require(request.getState().equals(answer.getState()), "state");
        require(server.getIssuer().equals(answer.getIssuer()), "iss");
        var grant = new AuthorizationCodeGrant(answer.toSuccessResponse().getAuthorizationCode(), REDIRECT_URI, verifier);
        var tokens = tokens(new TokenRequest.Builder(server.getTokenEndpointURI(), AUTHENTICATION, grant).build());
        var validator = new IDTokenValidator(server.getIssuer(), CLIENT, JWSAlgorithm.RS256, server.getJWKSetURI().toURL());
        validator.validate(tokens.getIDToken(), request.getNonce());
        return tokens;
    }

    static OIDCTokens tokens(TokenRequest request) throws Exception {
        var answer = OIDCTokenResponseParser.parse(request.toHTTPRequest().send());
        require(answer.indicatesSuccess(), answer.toHTTPResponse().getBody());
        return ((OIDCTokenResponse) answer.toSuccessResponse()).getOIDCTokens();
    }

    static boolean isActive(OIDCProviderMetadata server, Token token) throws Exception {
        var request = new TokenIntrospectionRequest(server.getIntrospectionEndpointURI(), AUTHENTICATION, token);
        var answer = TokenIntrospectionResponse.parse(request.toHTTPRequest().send());
        require(answer.indicatesSuccess(), answer.toHTTPResponse().getBody());
        return answer.toSuccessResponse().isActive();
    }

    static void ok(String step) {
        System.out.println("ok " + step);
    }

    static void require(boolean holds, String what) {
        if (!holds) throw new AssertionError(what);
    }
}

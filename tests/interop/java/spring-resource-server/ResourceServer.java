package example;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An API that accepts the access tokens of its `issuer-uri`. */
@SpringBootApplication
@RestController
public class ResourceServer {
    public static void main(String[] arguments) {
        SpringApplication.run(ResourceServer.class, arguments);
    }

    @GetMapping("/")
    Map<String, String> token(@AuthenticationPrincipal Jwt token) {
        return Map.of("client", token.getClaimAsString("client_id"), "scope", token.getClaimAsString("scope"), "id", token.getId());
    }
}

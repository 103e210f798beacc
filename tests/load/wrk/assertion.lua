-- Client credentials by private_key_jwt: a new assertion for each request, from the file of those that were made for it.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local assertions
local body = "grant_type=client_credentials&client_assertion_type="
    .. "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="

function init()
    assertions = io.open(os.getenv("LOAD_ONCE"), "r")
end

function request()
    return post("/oauth/token", {}, body .. (assertions:read("*l") or "exhausted"))
end

reads_answers = true

function response(status, headers, text)
    flows = flows + 1
    if status ~= 200 then failed(status, text) end
end

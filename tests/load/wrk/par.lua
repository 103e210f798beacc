-- The code flow that begins with a pushed authorization request (RFC 9126). One flow is three requests.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local push

function init()
    push = fixed("push")
end

function request()
    local next = next_pending()
    if not next then return push end
    if next.request_uri then
        return get("/oauth/authorize?client_id=web&request_uri=" .. next.request_uri, { Cookie = site.cookie })
    end
    return post("/oauth/token", { Authorization = site.web }, site.redemption .. "&code=" .. next.code)
end

reads_answers = true

function response(status, headers, body)
    if status == 201 then
        local uri = string.match(body, '"request_uri":"([^"]+)"')
        later({ request_uri = string.gsub(uri, ":", "%%3A") })
    elseif status == 303 then
        local code = string.match(headers["location"] or headers["Location"] or "", "[?&]code=([^&]+)")
        if code then later({ code = code }) else failed(status, headers["location"]) end
    elseif status == 200 then
        flows = flows + 1
    else
        failed(status, body)
    end
end

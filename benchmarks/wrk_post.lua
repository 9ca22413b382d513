-- One lead, again and again: wrk -t1 -c50 -d5s -s wrk_post.lua http://127.0.0.1:PORT/sales/newlead
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-API-KEY"] = "test-key"
wrk.body = '{"id":"12345","firstName":"Maria","lastName":"Garcia","phoneNumber":"8045550123",'
  .. '"email":"maria.garcia.12345@example.com","status":"open","createdAt":"2025-01-15T10:30:00+0000",'
  .. '"updatedAt":"2025-02-01T08:00:00+0000","source":"bench","fullName":"Maria Garcia",'
  .. '"city":"Springfield","channel":"web"}'

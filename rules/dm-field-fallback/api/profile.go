//dmmigrate:api github.com/dm-database/godriver

// Package dm is what code outside of it sees of the response.
package dm

// UserProfile is what the server knows about a user.
type UserProfile struct {
	Username    string
	DisplayName string
	AvatarURL   string
}
